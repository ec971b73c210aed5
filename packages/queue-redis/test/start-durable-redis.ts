import { type StartRedisServerOptions, startRedisServer } from '@fosen/redis-server'

/** A Redis that writes an append-only file, so that nothing is to be warned of, and keeps no replica waiting for others. */
export function startDurableRedis({ args = [], ...options }: StartRedisServerOptions = {}) {
  const defaults = ['--appendonly', 'yes', '--appendfsync', 'no', '--repl-diskless-sync-delay', '0']
  return startRedisServer({ ...options, args: [...defaults, ...args] })
}
