#!lua flags=allow-oom
-- Puts dead letters back, or removes them.
--
-- KEYS  1 q  2 {q}:x  3 {q}:1  4 {q}:2  5 {q}:3
-- ARGV  1 requeue, purge, or clean, which purges  2 how many of the oldest, up to 1000, or 0 for those given
--       3 how old they have to be, in ms, to be cleaned  4… dead letters, as they are in {q}:x
-- Returns how many there were.

--#include common

local ready, dead = KEYS[1], KEYS[2]
local action, max = ARGV[1], tonumber(ARGV[2])

local letters = {}
if action == 'clean' then
  local latest = now() - tonumber(ARGV[3])
  while #letters < max do
    local letter = redis.call('LINDEX', dead, 0)
    if not letter or tonumber(cmsgpack.unpack(letter)[4]) > latest then break end
    letters[#letters + 1] = redis.call('LPOP', dead)
  end
elseif max > 0 then
  letters = redis.call('LPOP', dead, max) or {}
else
  for i = 4, #ARGV do
    if redis.call('LREM', dead, 1, ARGV[i]) == 1 then letters[#letters + 1] = ARGV[i] end
  end
end

if action == 'requeue' then
  for _, letter in ipairs(letters) do
    local envelope = cmsgpack.unpack(letter)[1]
    local priority = math.floor(struct.unpack('>I2', envelope, 3) / 8192) % 4
    local fresh = envelope:sub(1, 2) .. struct.pack('>I2', 8192 * priority) .. envelope:sub(5)
    redis.call('LPUSH', priority == 0 and ready or KEYS[2 + priority], fresh)
    if priority > 0 then wake(ready) end
  end
end
return #letters
