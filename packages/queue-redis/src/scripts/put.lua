#!lua
-- Puts messages, as many as there is room for. A call that comes again, since its reply was lost with the connection, puts
-- nothing and has the same reply.
--
-- Most calls just put, without any capacity, delay, priority or deduplication key. They have the first two KEYS and ARGV alone.
--
-- KEYS  1 q  2 {q}:p:<producer>
--       3 {q}:h  4 {q}:d  5 {q}:1  6 {q}:2  7 {q}:3  8 {q}:k:<deduplication key>, if there is one
-- ARGV  1 number of the call, which counts up with each of this producer
--       2 msgpack array of envelopes, one when there is a deduplication key
--       3 capacity, 0 for none  4 delay in ms  5 priority
--       6 how long the deduplication's window is open, in ms  7 id of the message in hex
-- Returns how many of the envelopes were put, counted from the first; or, when the window of an earlier message with the
-- deduplication key is open, the id of that one.

--#include common

local ready, producer, hot, delayed, dedup = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[8]
local number, capacity = ARGV[1], tonumber(ARGV[3] or 0)
local delayMs, priority = tonumber(ARGV[4] or 0), tonumber(ARGV[5] or 0)

local function remember(put) redis.call('SET', producer, number .. ':' .. put, 'PX', 3600000) end

local last = redis.call('GET', producer)
if last then
  local lastNumber, put = last:match('^(%d+):(%d+)$')
  if lastNumber == number then
    -- A write, so that a WAIT after it is one for the messages.
    remember(put)
    return tonumber(put)
  end
end

if dedup then
  local earlier = redis.call('GET', dedup)
  if earlier then return earlier end
end

local envelopes = cmsgpack.unpack(ARGV[2])
local count = #envelopes
if capacity > 0 then
  local held = redis.call('ZCARD', delayed)
  for _, list in ipairs({ ready, hot, KEYS[5], KEYS[6], KEYS[7] }) do held = held + redis.call('LLEN', list) end
  if redis.call('LINDEX', ready, -1) == marker then held = held - 1 end
  count = math.min(count, math.max(0, capacity - held))
end
if count == 0 then return 0 end

if delayMs > 0 then
  local due = now() + delayMs
  for i = 1, count do delay(delayed, ready, envelopes[i], due) end
else
  local list = priority == 0 and ready or KEYS[4 + priority]
  for first = 1, count, 5000 do
    redis.call('LPUSH', list, unpack(envelopes, first, math.min(count, first + 4999)))
  end
  if priority > 0 then wake(ready) end
end
if dedup and tonumber(ARGV[6]) > 0 then redis.call('SET', dedup, ARGV[7], 'PX', ARGV[6]) end
remember(count)
return count
