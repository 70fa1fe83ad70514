-- A row for each option; what is known of the queue, of all its lists together, is the same in each. Who was heard of in
-- the last ten seconds, or whose votes appeared in the last seven, is at work: a worker says every second that it is
-- alive, and holds its list's row while it stores a batch, which may take eight seconds.
SELECT vote, count, stored, stored_at, waiting, silent,
    heard OR coalesce(max(changed_at) OVER () > clock_timestamp() - interval '7 seconds', false) AS worker,
    heard AND waiting IS NULL AS held_up
FROM tally CROSS JOIN (
    SELECT coalesce(sum(stored), 0)::bigint AS stored,
        date_trunc('milliseconds', max(stored_at)) AS stored_at,
        CASE WHEN bool_and(alive AND waiting >= 0) THEN sum(waiting)::bigint END AS waiting,
        coalesce(bool_or(alive), false) OR EXISTS (
            SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
            WHERE relation = 'queue'::regclass AND mode = 'RowShareLock' AND granted
        ) AS heard,
        CASE WHEN bool_or(alive) THEN string_agg(name, ',' ORDER BY name) FILTER (WHERE NOT alive) END AS silent
    FROM (
        SELECT *, coalesce(seen_at > clock_timestamp() - interval '10 seconds', false) AS alive FROM queue
    ) AS lists
) AS queue
