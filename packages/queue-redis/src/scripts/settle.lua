#!lua flags=allow-oom
-- Says what becomes of leased messages, in the order given.
--
-- KEYS  1 q  2 {q}:h  3 {q}:f  4 {q}:l  5 {q}:d  6 {q}:x  7 {q}:c  8 {q}:1  9 {q}:2  10 {q}:3
-- ARGV  of each settlement five:
--         done     token  ''       ''             ''             all messages of the batch are settled
--         ack      token  indices  ''             ''             they are gone; indices are uint16 BE
--         retry    token  index    delay in ms    ''             it comes back, its attempts one higher
--         release  token  index    ''             ''             it comes back, as if it had not been taken
--         bury     token  index    error name     error message  it is a dead letter, its attempts one higher
--         drop     token  index    ''             ''             it was cancelled, and is gone
--         refuse   token  index    error name     error message  it is a dead letter, and was never delivered
--       An index is a number from 0 on; error name and message are empty when there was no error.
-- Returns an array with 1 for each settlement, or 0 where the lease was lost: then nothing is changed.

--#include common

local ready, hot, leased, leases, delayed, dead, cancelled = unpack(KEYS, 1, 7)
local time = now()

local function isHeld(token) return redis.call('ZSCORE', leases, token) ~= false end

local function addSettled(token, indices)
  local field = token .. ':a'
  redis.call('HSET', leased, field, (redis.call('HGET', leased, field) or '') .. indices)
end

local actions = { drop = function() end }

function actions.retry(envelope, delayMs)
  envelope = attempted(envelope, false)
  if tonumber(delayMs) > 0 then
    delay(delayed, ready, envelope, time + tonumber(delayMs))
  else
    redis.call('LPUSH', hot, envelope)
    wake(ready)
  end
end

function actions.release(envelope)
  local state = struct.unpack('>I2', envelope, 3)
  local priority = math.floor(state / 8192) % 4
  local isSuspect = state >= 32768
  redis.call('RPUSH', (priority == 0 or isSuspect) and hot or KEYS[7 + priority], envelope)
  wake(ready)
end

function actions.refuse(envelope, name, message)
  redis.call('RPUSH', dead, cmsgpack.pack({ envelope, name, message, ('%.0f'):format(time) }))
end

function actions.bury(envelope, name, message) actions.refuse(attempted(envelope, false), name, message) end

local function settle(action, token, index, first, second)
  if action == 'done' then
    if redis.call('ZREM', leases, token) == 0 then return 0 end
    redis.call('HDEL', leased, token, token .. ':a', token .. ':n')
    return 1
  end
  if not isHeld(token) then return 0 end
  if action == 'ack' then
    addSettled(token, index)
    return 1
  end
  local batch = redis.call('HMGET', leased, token, token .. ':a')
  if not batch[1] then return 0 end
  -- A call that comes again, since its reply was lost with the connection: nobody else holds the lease.
  if indicesOf(batch[2])[tonumber(index)] then return 1 end
  local envelope = enveloped(cmsgpack.unpack(batch[1])[index + 1], token, index)
  addSettled(token, struct.pack('>I2', index))
  if redis.call('ZREM', cancelled, envelope:sub(5, 20)) == 0 then actions[action](envelope, first, second) end
  return 1
end

local settled = {}
for i = 1, #ARGV, 5 do settled[#settled + 1] = settle(unpack(ARGV, i, i + 4)) end
return settled
