-- An element of a list is an envelope, a wake marker, which wakes who waits and is no message, or what somebody else has
-- pushed. `envelope.ts` draws an envelope.
local marker = '\0\245'

local function isEnvelope(element)
  local version, magic = element:byte(1, 2)
  return magic == 245 and (version == 1 or version == 2) and #element >= 20
end

-- Message number `index` of a batch, counted from 0, as an envelope; a foreign one is given its id.
local function enveloped(element, token, index)
  if isEnvelope(element) then return element end
  return '\1\245\0\0' .. token .. struct.pack('>I2', index) .. element
end

-- The envelope with its attempts one higher. A suspect is one whose consumer has gone during the attempt.
local function attempted(envelope, isSuspect)
  local state = struct.unpack('>I2', envelope, 3)
  local attempts, priority = state % 8192, math.floor(state / 8192) % 4
  state = math.min(8191, attempts + 1) + 8192 * priority + (isSuspect and 32768 or 0)
  return envelope:sub(1, 2) .. struct.pack('>I2', state) .. envelope:sub(5)
end

-- The set of the indices that a string of uint16 BE holds.
local function indicesOf(packed)
  local indices = {}
  if packed then
    for at = 1, #packed, 2 do indices[struct.unpack('>I2', packed, at)] = true end
  end
  return indices
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Wakes one who waits at an empty q.
local function wake(ready)
  if redis.call('LLEN', ready) == 0 then redis.call('LPUSH', ready, marker) end
end

-- Delays an envelope. Those who wait are to know when it comes before all others.
local function delay(delayed, ready, envelope, due)
  local first = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', delayed, due, envelope)
  if not first or due < tonumber(first) then wake(ready) end
end
