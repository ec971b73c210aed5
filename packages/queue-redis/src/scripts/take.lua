#!lua flags=allow-oom
-- Leases messages: delayed ones that are due, then hot ones, then those of q. Before that it makes up to 8 messages hot
-- whose lease has run out.
--
-- A request that comes again, since its reply was lost with the connection, gets the messages it got before.
--
-- KEYS  1 q  2 {q}:h  3 {q}:f  4 {q}:l  5 {q}:d
-- ARGV  1 request, 14 bytes that no other request has  2 how many at most, up to 1000  3 lease in ms
-- Returns an array. With messages: 0, then their envelopes; their tokens are the request and a uint16 BE that counts up,
-- max for the last of them. Without: the ms until the next delayed message is due or the next lease runs out, -1 when there
-- is neither.

local ready, hot, leased, leases, delayed = unpack(KEYS)
local request, max, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local function token(number) return request .. struct.pack('>I2', number) end

-- The leases of a request whose reply was lost run out in the same millisecond, and among those the sorted set goes by
-- token: the first message is made hot first, and the last one last. So, while that is there, nothing is missing before it
-- but what is hot.
if redis.call('HEXISTS', leased, token(max)) == 1 then
  local first = max
  while redis.call('HEXISTS', leased, token(first - 1)) == 1 do first = first - 1 end
  local reply = { 0 }
  for number = first, max do reply[#reply + 1] = redis.call('HGET', leased, token(number)) end
  return reply
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for _, expired in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, 8)) do
  local envelope = redis.call('HGET', leased, expired)
  redis.call('ZREM', leases, expired)
  if envelope then
    redis.call('HDEL', leased, expired)
    local attempts = math.min(65535, struct.unpack('>I2', envelope, 3) + 1)
    redis.call('LPUSH', hot, '\1\245' .. struct.pack('>I2', attempts) .. envelope:sub(5))
  end
end

local taken = redis.call('ZRANGE', delayed, '-inf', now, 'BYSCORE', 'LIMIT', 0, max)
if #taken > 0 then redis.call('ZREM', delayed, unpack(taken)) end

for _, list in ipairs({ hot, ready }) do
  if #taken < max then
    for _, element in ipairs(redis.call('RPOP', list, max - #taken) or {}) do taken[#taken + 1] = element end
  end
end

if #taken == 0 then
  local first = math.huge
  for _, set in ipairs({ delayed, leases }) do
    local entry = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
    if entry[2] then first = math.min(first, tonumber(entry[2])) end
  end
  if first == math.huge then return { -1 } end
  return { math.max(0, math.ceil(first - now)) }
end

local reply, envelopes, ends = { 0 }, {}, {}
for i, element in ipairs(taken) do
  local own = token(max - #taken + i)
  local isEnvelope = element:sub(1, 2) == '\1\245' and #element >= 20
  local envelope = isEnvelope and element or '\1\245\0\0' .. own .. element
  reply[i + 1] = envelope
  envelopes[2 * i - 1], envelopes[2 * i] = own, envelope
  ends[2 * i - 1], ends[2 * i] = now + lease, own
end
redis.call('HSET', leased, unpack(envelopes))
redis.call('ZADD', leases, unpack(ends))
return reply
