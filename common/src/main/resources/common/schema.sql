-- The schema, made by whichever service connects first. A table that the original made is adopted with its votes.

-- One service at a time: several first starts at once would trip over one another's CREATE.
SELECT pg_advisory_xact_lock(hashtext('voting-app schema'));

DO $schema$
BEGIN
  IF to_regclass('queue') IS NOT NULL AND to_regclass('tally') IS NOT NULL
    AND 4 = (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass('votes') AND tgname LIKE 'tally\_%')
    AND EXISTS (SELECT FROM pg_proc WHERE oid = to_regprocedure('tally_votes()') AND proconfig IS NOT NULL) THEN
    RETURN; -- all is there (the function since it has a search_path), and not everybody has the right to make it
  END IF;

  CREATE TABLE IF NOT EXISTS votes (
    id VARCHAR(255) NOT NULL UNIQUE,
    vote VARCHAR(255) NOT NULL
  );

  -- A row is a list's lock and its progress. The worker that holds the lock is the one that works; the result page
  -- reads the rest. fillfactor: room for the next version of a row that changes many times a second.
  CREATE TABLE IF NOT EXISTS queue (
    name VARCHAR(255) PRIMARY KEY,
    stored BIGINT NOT NULL DEFAULT 0,   -- messages worked off since Redis counts them
    waiting BIGINT NOT NULL DEFAULT 0,  -- messages left in Redis when the last batch was stored, or -1: nobody knows
    stored_at TIMESTAMPTZ,              -- when that was
    seen_at TIMESTAMPTZ                 -- when a worker was last alive
  ) WITH (fillfactor = 50);

  -- tally: how many votes each option has, right after every statement, whoever changes `votes`.
  LOCK TABLE votes IN SHARE ROW EXCLUSIVE MODE; -- nobody votes between the count and the triggers
  CREATE TABLE IF NOT EXISTS tally (
    vote VARCHAR(255) PRIMARY KEY,
    count BIGINT NOT NULL
  ) WITH (fillfactor = 50);
  ALTER TABLE tally ADD COLUMN IF NOT EXISTS changed_at TIMESTAMPTZ; -- older ones had none
  DELETE FROM tally; -- it may have missed votes without its triggers
  INSERT INTO tally SELECT vote, count(*) FROM votes GROUP BY vote;
  INSERT INTO tally VALUES ('a', 0) ON CONFLICT DO NOTHING;

  CREATE OR REPLACE FUNCTION tally_votes() RETURNS trigger LANGUAGE plpgsql AS $trigger$
  DECLARE
    changes tally[];
    now TIMESTAMPTZ := clock_timestamp();
  BEGIN
    CASE TG_OP
      WHEN 'INSERT' THEN
        SELECT array_agg((vote, n, now)::tally) INTO changes
        FROM (SELECT vote, count(*) AS n FROM added GROUP BY vote) AS change;
      WHEN 'UPDATE' THEN
        SELECT array_agg((vote, n, now)::tally) INTO changes
        FROM (SELECT vote, sum(n) AS n
              FROM (SELECT vote, 1 AS n FROM added UNION ALL SELECT vote, -1 FROM removed) AS moved
              GROUP BY vote) AS change
        WHERE n <> 0;
      WHEN 'DELETE' THEN
        SELECT array_agg((vote, n, now)::tally) INTO changes
        FROM (SELECT vote, -count(*) AS n FROM removed GROUP BY vote) AS change;
      WHEN 'TRUNCATE' THEN
        SELECT array_agg((vote, -count, now)::tally) INTO changes FROM tally;
    END CASE;
    IF changes IS NULL THEN
      RETURN NULL;
    END IF;
    -- The gate: whoever counts locks this one row first. Writers that locked the options' rows in the order of their
    -- own votes would deadlock.
    PERFORM FROM tally WHERE vote = 'a' FOR UPDATE;
    INSERT INTO tally SELECT * FROM unnest(changes)
    ON CONFLICT (vote) DO UPDATE SET count = tally.count + EXCLUDED.count, changed_at = now;
    NOTIFY tally;
    RETURN NULL;
  END
  $trigger$;
  -- this `tally`, and not one that whoever writes `votes` would find first
  EXECUTE format('ALTER FUNCTION tally_votes() SET search_path = %I, pg_temp', current_schema());

  CREATE OR REPLACE TRIGGER tally_insert AFTER INSERT ON votes
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE OR REPLACE TRIGGER tally_update AFTER UPDATE ON votes
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE OR REPLACE TRIGGER tally_delete AFTER DELETE ON votes
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE OR REPLACE TRIGGER tally_truncate AFTER TRUNCATE ON votes
    FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
END
$schema$;
