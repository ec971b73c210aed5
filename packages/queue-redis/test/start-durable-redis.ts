import { type StartRedisServerOptions, startRedisServer } from '@fosen/redis-server'

/** A Redis that writes an append-only file, so that nothing is to be warned of. */
export function startDurableRedis({ args = [], ...options }: StartRedisServerOptions = {}) {
  return startRedisServer({ ...options, args: ['--appendonly', 'yes', '--appendfsync', 'no', ...args] })
}
