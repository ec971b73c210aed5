#!lua flags=allow-oom
-- Ends the lease of a message, and says what becomes of it.
--
-- KEYS  1 {q}:h  2 {q}:f  3 {q}:l  4 {q}:d  5 {q}:x
-- ARGV  1 token  2 what becomes of the message:
--         ack                        it is gone
--         retry, 3 delay in ms       it comes back, its attempts one higher
--         return                     it comes back, first of all, as if it had never been taken
--         bury, 3 error name, 4 error message, or neither
--                                    it is a dead letter, its attempts one higher
--         refuse, 3 and 4 as above   it is a dead letter, and was never delivered
-- Returns 1, or 0 when the lease was lost: then nothing is changed.

local hot, leased, leases, delayed, dead = unpack(KEYS)
local token, action = ARGV[1], ARGV[2]

local envelope = redis.call('HGET', leased, token)
if redis.call('ZREM', leases, token) == 0 or not envelope then return 0 end
redis.call('HDEL', leased, token)

if action == 'ack' then return 1 end

if action == 'return' then
  redis.call('RPUSH', hot, envelope)
  return 1
end

if action ~= 'refuse' then
  local attempts = math.min(65535, struct.unpack('>I2', envelope, 3) + 1)
  envelope = '\1\245' .. struct.pack('>I2', attempts) .. envelope:sub(5)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

if action ~= 'retry' then
  redis.call('RPUSH', dead, cmsgpack.pack({ envelope, ARGV[3] or false, ARGV[4] or false, now }))
elseif tonumber(ARGV[3]) > 0 then
  redis.call('ZADD', delayed, now + tonumber(ARGV[3]), envelope)
else
  redis.call('LPUSH', hot, envelope)
end
return 1
