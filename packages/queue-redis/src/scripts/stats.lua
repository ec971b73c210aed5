#!lua flags=no-writes
-- Counts the messages. What a take would make ready, delayed messages that are due and leases that have run out, is.
--
-- KEYS  1 q  2 {q}:h  3 {q}:f  4 {q}:l  5 {q}:d  6 {q}:x  7 {q}:m  8 {q}:1  9 {q}:2  10 {q}:3
-- Returns { ready, delayed, in flight, dead, age of the oldest ready message in ms or -1, 1 when paused or 0 }.

--#include common

local ready, hot, leased, leases, delayed, dead, meta = unpack(KEYS, 1, 7)
local time = now()

-- A marker is the last of q; of those that waited, it is among the first in hot, until they take.
local function hasMarker(list) return redis.call('LINDEX', list, -1) == marker end

local function lengthOf(list)
  local length = redis.call('LLEN', list)
  if list == hot and length > 0 then return length - #redis.call('LPOS', list, marker, 'COUNT', 0, 'MAXLEN', 1000) end
  return hasMarker(list) and length - 1 or length
end

local oldest = math.huge
local count = lengthOf(hot)
for _, list in ipairs({ ready, KEYS[8], KEYS[9], KEYS[10] }) do
  count = count + lengthOf(list)
  local element = redis.call('LINDEX', list, hasMarker(list) and -2 or -1)
  if element and isEnvelope(element) then
    local high, low = struct.unpack('>I2I4', element, 5)
    oldest = math.min(oldest, high * 4294967296 + low)
  end
end

local inFlight = 0
local batches = redis.call('ZRANGE', leases, 0, -1, 'WITHSCORES')
for i = 1, #batches, 2 do
  local token = batches[i]
  local size = tonumber(redis.call('HGET', leased, token .. ':n') or 1)
  local unsettled = size - redis.call('HSTRLEN', leased, token .. ':a') / 2
  if tonumber(batches[i + 1]) <= time then
    count = count + unsettled
  else
    inFlight = inFlight + unsettled
  end
end

local due = redis.call('ZCOUNT', delayed, '-inf', time)
return {
  count + due,
  redis.call('ZCARD', delayed) - due,
  inFlight,
  redis.call('LLEN', dead),
  oldest < math.huge and math.max(0, time - oldest) or -1,
  redis.call('HEXISTS', meta, 'paused'),
}
