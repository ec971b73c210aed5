#!lua flags=no-writes
-- Counts the messages. What a take would make ready, delayed messages that are due and leases that have run out, is.
--
-- KEYS  1 q  2 {q}:h  3 {q}:l  4 {q}:d  5 {q}:x
-- Returns { ready, delayed, in flight, dead }.

local ready, hot, leases, delayed, dead = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local due = redis.call('ZCOUNT', delayed, '-inf', now)
local expired = redis.call('ZCOUNT', leases, '-inf', now)
return {
  redis.call('LLEN', ready) + redis.call('LLEN', hot) + due + expired,
  redis.call('ZCARD', delayed) - due,
  redis.call('ZCARD', leases) - expired,
  redis.call('LLEN', dead),
}
