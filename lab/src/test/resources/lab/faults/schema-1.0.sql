-- The schema, made by whichever service connects first. Running it again changes nothing, and a table that the
-- original made is adopted with its votes.

-- One service at a time: several first starts at once would trip over one another's CREATE.
SELECT pg_advisory_xact_lock(hashtext('voting-app schema'));

CREATE TABLE IF NOT EXISTS votes (
  id VARCHAR(255) NOT NULL UNIQUE,
  vote VARCHAR(255) NOT NULL
);

-- One row for the queue. The worker that holds its lock is the one that works; the result page reads the rest.
-- fillfactor: room for the next version of a row that changes many times a second.
CREATE TABLE IF NOT EXISTS queue (
  name VARCHAR(255) PRIMARY KEY,
  stored BIGINT NOT NULL DEFAULT 0,   -- messages worked off since Redis counts them
  waiting BIGINT NOT NULL DEFAULT 0,  -- messages left in Redis when the last batch was stored
  stored_at TIMESTAMPTZ,              -- when that was
  seen_at TIMESTAMPTZ                 -- when a worker was last alive
) WITH (fillfactor = 50);
INSERT INTO queue (name) VALUES ('votes') ON CONFLICT DO NOTHING;

-- tally: how many votes each option has, right after every statement, whoever changes `votes`.
DO $schema$
BEGIN
  IF to_regclass('tally') IS NOT NULL THEN
    RETURN;
  END IF;
  LOCK TABLE votes IN SHARE ROW EXCLUSIVE MODE; -- nobody votes between the count and the triggers

  CREATE TABLE tally (
    vote VARCHAR(255) PRIMARY KEY,
    count BIGINT NOT NULL
  ) WITH (fillfactor = 50);
  INSERT INTO tally SELECT vote, count(*) FROM votes GROUP BY vote;
  INSERT INTO tally VALUES ('a', 0) ON CONFLICT DO NOTHING;

  CREATE FUNCTION tally_votes() RETURNS trigger LANGUAGE plpgsql AS $trigger$
  DECLARE
    changes tally[];
  BEGIN
    CASE TG_OP
      WHEN 'INSERT' THEN
        SELECT array_agg((vote, n)::tally) INTO changes
        FROM (SELECT vote, count(*) AS n FROM added GROUP BY vote) AS change;
      WHEN 'UPDATE' THEN
        SELECT array_agg((vote, n)::tally) INTO changes
        FROM (SELECT vote, sum(n) AS n
              FROM (SELECT vote, 1 AS n FROM added UNION ALL SELECT vote, -1 FROM removed) AS moved
              GROUP BY vote) AS change
        WHERE n <> 0;
      WHEN 'DELETE' THEN
        SELECT array_agg((vote, n)::tally) INTO changes
        FROM (SELECT vote, -count(*) AS n FROM removed GROUP BY vote) AS change;
      WHEN 'TRUNCATE' THEN
        SELECT array_agg((vote, -count)::tally) INTO changes FROM tally;
    END CASE;
    IF changes IS NULL THEN
      RETURN NULL;
    END IF;
    -- The gate: whoever counts locks this one row first. Writers that locked the options' rows in the order of their
    -- own votes would deadlock.
    PERFORM FROM tally WHERE vote = 'a' FOR UPDATE;
    INSERT INTO tally SELECT * FROM unnest(changes)
    ON CONFLICT (vote) DO UPDATE SET count = tally.count + EXCLUDED.count;
    NOTIFY tally;
    RETURN NULL;
  END
  $trigger$;

  CREATE TRIGGER tally_insert AFTER INSERT ON votes
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE TRIGGER tally_update AFTER UPDATE ON votes
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE TRIGGER tally_delete AFTER DELETE ON votes
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
  CREATE TRIGGER tally_truncate AFTER TRUNCATE ON votes
    FOR EACH STATEMENT EXECUTE FUNCTION tally_votes();
END
$schema$;
