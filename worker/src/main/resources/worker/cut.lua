#!lua flags=allow-oom
-- Drops the first messages of the taken list and keeps the rejected ones, from ARGV[4] on. Does nothing and says 0 if
-- anybody has cut since the list was taken: then `stored`, which every cut raises, is not `before` any more.
local _, taken, rejected, stored = unpack(KEYS)
local before, size, most = unpack(ARGV, 1, 3)
if (redis.call('GET', stored) or '0') ~= before then
  return 0
end
for i = 4, #ARGV do
  redis.call('RPUSH', rejected, ARGV[i])
end
redis.call('LTRIM', rejected, -most, -1)
redis.call('LTRIM', taken, size, -1)
redis.call('INCRBY', stored, size)
return 1
