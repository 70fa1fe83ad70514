#!lua flags=allow-oom
-- Forgets what waits, what was taken and what was rejected, unless Redis' clock is past ARGV[1]: then nobody waits for
-- the answer any more. Raises `poll`, by which the pages tell this poll from the last one.
local votes, taken, rejected, stored, poll = unpack(KEYS)
if tonumber(redis.call('TIME')[1]) > tonumber(ARGV[1]) then
  return redis.error_reply('LATE nothing was forgotten')
end
redis.call('INCR', poll)
if redis.call('DEL', taken) == 1 then
  redis.call('INCR', stored) -- refuses the cut of a worker that has committed a batch of it
end
return redis.call('DEL', votes, rejected)
