#!lua flags=allow-oom
-- Takes the waiting list, unless one that was taken is not finished, and reads the first ARGV[1] messages of it: the
-- messages, how many were ever cut off before them, and how many wait, these included.
-- allow-oom, which needs Redis 7: a full Redis refuses every other way to free its memory.
local votes, taken, rejected, stored = unpack(KEYS)
if redis.call('EXISTS', votes) == 1 then
  redis.call('RENAMENX', votes, taken)
end
-- all types, before anything is stored: in the cut it would be too late
for i, right in ipairs({'list', 'list', 'list', 'string'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= right and found ~= 'none' then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is not a ' .. right .. ' but a ' .. found)
  end
end
-- a write, for the replicas to confirm
if tonumber(ARGV[2]) > 0 then
  redis.call('INCRBY', stored, 0)
end
local before = redis.call('GET', stored) or '0'
if #before > 15 or not (before == '0' or before:match('^[1-9]%d*$')) then
  return redis.error_reply('WRONGTYPE ' .. stored .. ' is not a number')
end
-- More than 1,000 characters are no vote, and megabytes would be the worker's end: so they come cut short, and a batch
-- of them ends sooner. That depends on the messages alone, so the same batch ends at the same place again.
local messages, bytes, from = {}, 0, 0
while from < tonumber(ARGV[1]) and bytes < 10000000 do
  for _, message in ipairs(redis.call('LRANGE', taken, from, from + 99)) do
    messages[#messages + 1] = #message > 3001 and message:sub(1, 3001) or message
    bytes = bytes + #message
  end
  from = from + 100
end
return {messages, before, redis.call('LLEN', taken) + redis.call('LLEN', votes)}
