#!lua flags=allow-oom
-- Extends leases, or only looks whether they are held, and tells which messages were cancelled.
--
-- KEYS  1 {q}:l  2 {q}:c
-- ARGV  1 lease in ms  2 how many of the tokens, from the first, are extended  3… tokens, up to 1000
-- Returns { lost, cancelled }: the positions, from 0, of the tokens that are lost, and the ids, 16 bytes each, that were
-- cancelled, the last 1000. Of those that run, earlier beats have told the others.

--#include common

local leases, cancelled = unpack(KEYS)
local time = now()
local deadline, extended = time + tonumber(ARGV[1]), tonumber(ARGV[2])

local lost, ends = {}, {}
for i, current in ipairs(redis.call('ZMSCORE', leases, unpack(ARGV, 3))) do
  if not current then
    lost[#lost + 1] = i - 1
  elseif i <= extended then
    ends[#ends + 1] = deadline
    ends[#ends + 1] = ARGV[i + 2]
  end
end
if #ends > 0 then redis.call('ZADD', leases, 'XX', unpack(ends)) end

if redis.call('EXISTS', cancelled) == 0 then return { lost, {} } end
redis.call('ZREMRANGEBYSCORE', cancelled, '-inf', time)
return { lost, redis.call('ZRANGE', cancelled, 0, 999, 'REV') }
