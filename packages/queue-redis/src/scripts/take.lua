#!lua flags=allow-oom
-- Ends batches that are done, and leases the next: hot messages, then delayed ones that are due, then those of the levels,
-- then those of q. Before that it makes the messages of up to 8 batches hot whose lease has run out.
--
-- A call that comes again, since its reply was lost with the connection, gets the batch it got before.
-- A suspect is leased alone: were it to end its consumer again, it would condemn the others. A batch has about 1 MiB.
--
-- KEYS  1 q  2 {q}:h  3 {q}:f  4 {q}:l  5 {q}:d  6 {q}:m  7 {q}:c  8 {q}:1  9 {q}:2  10 {q}:3
-- ARGV  1 token for the batch, 14 bytes that no other has  2 how many messages at most, up to 1000  3 lease in ms
--       4 who takes, for a partition; '' for any  5… tokens of batches that are done
-- Returns { wait, batch, lost }
--   batch  msgpack array of the elements, or nil when there is none; then
--   wait   is the ms until the next delayed message is due or the next lease runs out, -1 when there is neither,
--          -2 when the queue is paused, -3 when another has messages of this partition in flight
--   lost   the positions, from 0, of the tokens that were done whose lease was lost

--#include common

local ready, hot, leased, leases, delayed, meta, cancelled = unpack(KEYS, 1, 7)
local mostBytes = 1048576
local token, max, lease, owner = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

local lost = {}
for i = 5, #ARGV do
  local done = ARGV[i]
  if redis.call('ZREM', leases, done) == 0 then
    lost[#lost + 1] = i - 5
  else
    redis.call('HDEL', leased, done, done .. ':a', done .. ':n')
  end
end

-- Where somebody has made q something else, this fails before anything was taken from another list.
redis.call('LLEN', ready)

local known = redis.call('HGET', leased, token)
if known then return { 0, known, lost } end

local state = redis.call('HMGET', meta, 'paused', 'owner')
if state[1] then return { -2, false, lost } end

local time = now()
for _, expired in ipairs(redis.call('ZRANGE', leases, '-inf', time, 'BYSCORE', 'LIMIT', 0, 8)) do
  local batch = redis.call('HMGET', leased, expired, expired .. ':a')
  redis.call('ZREM', leases, expired)
  redis.call('HDEL', leased, expired, expired .. ':a', expired .. ':n')
  if batch[1] then
    local settled = indicesOf(batch[2])
    for i, element in ipairs(cmsgpack.unpack(batch[1])) do
      if not settled[i - 1] then
        redis.call('LPUSH', hot, attempted(enveloped(element, expired, i - 1), true))
      end
    end
  end
end

if owner ~= '' and state[2] ~= owner then
  if redis.call('ZCARD', leases) > 0 then return { -3, false, lost } end
  redis.call('HSET', meta, 'owner', owner)
end

local hasCancelled = redis.call('EXISTS', cancelled) == 1
local taken, bytes = {}, 0

-- How many to take next: a few at first, since they may be large, and then as many as fit.
local function room()
  if #taken == 0 then return math.min(max, 16) end
  return math.min(max - #taken, math.max(0, math.floor((mostBytes - bytes) * #taken / bytes)))
end

local function add(element)
  if element == marker then return end
  if hasCancelled and isEnvelope(element) and redis.call('ZREM', cancelled, element:sub(5, 20)) == 1 then return end
  taken[#taken + 1] = element
  bytes = bytes + #element + 1
end

local function drain(list)
  while room() > 0 do
    local elements = redis.call('RPOP', list, room())
    if not elements then return end
    for _, element in ipairs(elements) do add(element) end
  end
end

local isAlone = false
while room() > 0 and not isAlone do
  local elements = redis.call('RPOP', hot, room())
  if not elements then break end
  for i, element in ipairs(elements) do
    if isEnvelope(element) and element:byte(3) >= 128 then
      local first = i
      if #taken == 0 then
        add(element)
        first = i + 1
      end
      for back = #elements, first, -1 do redis.call('RPUSH', hot, elements[back]) end
      isAlone = first == i or #taken > 0
      break
    end
    add(element)
  end
end

if not isAlone then
  while room() > 0 do
    local due = redis.call('ZRANGE', delayed, '-inf', time, 'BYSCORE', 'LIMIT', 0, room())
    if #due == 0 then break end
    redis.call('ZREM', delayed, unpack(due))
    for _, element in ipairs(due) do add(element) end
  end
  if room() > 0 and redis.call('EXISTS', KEYS[8], KEYS[9], KEYS[10]) > 0 then
    for level = 10, 8, -1 do drain(KEYS[level]) end
  end
end

if room() > 0 and not isAlone then
  drain(ready)
else
  while redis.call('LINDEX', hot, 0) == marker do redis.call('LPOP', hot) end
  local isMore = redis.call('EXISTS', hot, KEYS[8], KEYS[9], KEYS[10]) > 0
  if isMore or redis.call('ZCOUNT', delayed, '-inf', time) > 0 then
    -- Who waits at q does not see what is left there.
    wake(ready)
  elseif redis.call('LINDEX', ready, -1) == marker then
    redis.call('RPOP', ready)
  end
end

if #taken > 0 then
  local batch = cmsgpack.pack(taken)
  redis.call('HSET', leased, token, batch)
  if #taken > 1 then redis.call('HSET', leased, token .. ':n', #taken) end
  redis.call('ZADD', leases, time + lease, token)
  return { 0, batch, lost }
end

local first = math.huge
for _, set in ipairs({ delayed, leases }) do
  local score = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')[2]
  if score then first = math.min(first, tonumber(score)) end
end
if first == math.huge then return { -1, false, lost } end
return { math.max(0, math.ceil(first - time)), false, lost }
