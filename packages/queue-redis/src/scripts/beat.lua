#!lua flags=allow-oom
-- Extends leases.
--
-- KEYS  1 {q}:l
-- ARGV  1 lease in ms  2… tokens, up to 1000
-- Returns an array of the tokens that are lost, as their positions among the tokens, counted from 0.

local leases = KEYS[1]
local time = redis.call('TIME')
local deadline = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])

local lost, ends = {}, {}
for i, current in ipairs(redis.call('ZMSCORE', leases, unpack(ARGV, 2))) do
  if current then
    ends[#ends + 1] = deadline
    ends[#ends + 1] = ARGV[i + 1]
  else
    lost[#lost + 1] = i - 1
  end
end
if #ends > 0 then redis.call('ZADD', leases, 'XX', unpack(ends)) end
return lost
