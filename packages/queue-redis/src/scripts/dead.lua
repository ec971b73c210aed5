#!lua flags=no-writes
-- Reads dead letters.
--
-- KEYS  1 {q}:x
-- ARGV  1 position of the first, counted from 0, the oldest  2 position of the last
-- Returns an array of { envelope, error name, error message }; the latter two are nil when there was no error.

local letters = {}
for i, packed in ipairs(redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])) do
  local letter = cmsgpack.unpack(packed)
  letters[i] = { letter[1], letter[2], letter[3] }
end
return letters
