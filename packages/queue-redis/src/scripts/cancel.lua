#!lua flags=allow-oom
-- Cancels a message: it is dropped where it is delayed, when it is taken, or when it is settled to come back.
--
-- KEYS  1 {q}:c  2 {q}:d
-- ARGV  1 id, 16 bytes  2 for how long it is known, in ms  3 so many delayed messages are looked at, at most
-- Returns 1 when it was delayed, and is gone, or 0.

--#include common

local cancelled, delayed = unpack(KEYS)
local id = ARGV[1]
if redis.call('ZCARD', delayed) <= tonumber(ARGV[3]) then
  for _, envelope in ipairs(redis.call('ZRANGE', delayed, 0, -1)) do
    if envelope:sub(5, 20) == id then
      redis.call('ZREM', delayed, envelope)
      return 1
    end
  end
end
redis.call('ZADD', cancelled, now() + tonumber(ARGV[2]), id)
return 0
