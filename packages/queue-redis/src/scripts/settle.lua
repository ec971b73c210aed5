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

-- The batches that the call settles something of, by token: false where the lease was lost. Each is read once.
local batches = {}

local function batchOf(token)
  if batches[token] == nil then
    local isHeld = redis.call('ZSCORE', leases, token)
    local before = isHeld and redis.call('HGET', leased, token .. ':a') or ''
    batches[token] = isHeld and { settled = indicesOf(before), packed = { before } }
  end
  return batches[token]
end

-- A call may come again, since its reply was lost with the connection: what it has settled is not settled twice.
local function addSettled(batch, index)
  if batch.settled[index] then return false end
  batch.settled[index] = true
  batch.packed[#batch.packed + 1] = struct.pack('>I2', index)
  return true
end

local function elementOf(batch, token, index)
  if not batch.elements then
    local elements = redis.call('HGET', leased, token)
    batch.elements = elements and cmsgpack.unpack(elements) or {}
  end
  return batch.elements[index + 1]
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
  local batch = batchOf(token)
  if not batch then return 0 end
  if action == 'done' then
    redis.call('ZREM', leases, token)
    redis.call('HDEL', leased, token, token .. ':a', token .. ':n')
    batches[token] = false
    return 1
  end
  if action == 'ack' then
    for settled in pairs(indicesOf(index)) do addSettled(batch, settled) end
    return 1
  end
  local element = elementOf(batch, token, index)
  if not element then return 0 end
  if addSettled(batch, tonumber(index)) then
    local envelope = enveloped(element, token, index)
    if redis.call('ZREM', cancelled, envelope:sub(5, 20)) == 0 then actions[action](envelope, first, second) end
  end
  return 1
end

local answers = {}
for i = 1, #ARGV, 5 do answers[#answers + 1] = settle(unpack(ARGV, i, i + 4)) end
for token, batch in pairs(batches) do
  if batch and #batch.packed > 1 then redis.call('HSET', leased, token .. ':a', table.concat(batch.packed)) end
end
return answers
