-- A row for each option; what is known of the queue is the same in each. Who was heard of in the last ten seconds, or
-- whose votes appeared in the last seven, is at work: a worker says every second that it is alive, and holds its row's
-- lock while it stores a batch, which may take eight seconds.
SELECT vote, count, stored, date_trunc('milliseconds', stored_at) AS stored_at,
    CASE WHEN alive AND waiting >= 0 THEN waiting END AS waiting,
    alive OR EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
        WHERE relation = 'queue'::regclass AND mode = 'RowShareLock' AND granted
    ) AS heard,
    coalesce(max(changed_at) OVER () > clock_timestamp() - interval '7 seconds', false) AS moving
FROM tally LEFT JOIN (
    SELECT *, coalesce(seen_at > clock_timestamp() - interval '10 seconds', false) AS alive
    FROM queue WHERE name = 'votes'
) AS queue ON true
