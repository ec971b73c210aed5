#!lua
-- Puts messages, as many as there is room for.
--
-- KEYS  1 q  2 {q}:h  3 {q}:d
-- ARGV  1 capacity, 0 for none  2 delay in ms  3… envelopes, up to 1000
-- Returns how many of the envelopes were put, counted from the first.

local ready, hot, delayed = unpack(KEYS)
local capacity, delay = tonumber(ARGV[1]), tonumber(ARGV[2])
local last = #ARGV

if capacity > 0 then
  local held = redis.call('LLEN', ready) + redis.call('LLEN', hot) + redis.call('ZCARD', delayed)
  last = math.min(last, 2 + math.max(0, capacity - held))
end

if delay > 0 then
  local time = redis.call('TIME')
  local due = time[1] * 1000 + math.floor(time[2] / 1000) + delay
  for i = 3, last do redis.call('ZADD', delayed, due, ARGV[i]) end
elseif last > 2 then
  redis.call('LPUSH', ready, unpack(ARGV, 3, last))
end

return last - 2
