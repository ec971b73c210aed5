#!lua flags=allow-oom
-- Ends the pause, and wakes one who waits.
--
-- KEYS  1 q  2 {q}:m

--#include common

redis.call('HDEL', KEYS[2], 'paused')
wake(KEYS[1])
