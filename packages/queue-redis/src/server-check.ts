import type { Redis } from 'ioredis'
import { type Client, isCluster } from './client.ts'
import { RedisConnectionError, RedisVersionError } from './errors.ts'

/** The first version whose scripts have flags. */
const leastVersion = 7

/** What has been warned of: once in a thread, however many queues and copies of this package there are. */
const registry = globalThis as { [warned]?: Set<string> }
const warned = Symbol.for('fosen.queue-redis.warned/1')

/**
 * Asks the server, or each master of a cluster, what it is. What may lose data is told in a process warning. What a server
 * does not let us ask is taken to be right.
 *
 * @param isDurable whether what is put there is to outlive the server
 * @throws RedisVersionError when it is too old
 * @throws RedisConnectionError when it is a replica
 */
export async function checkServer(client: Client, address: string, isDurable: boolean): Promise<void> {
  const nodes = isCluster(client) ? client.nodes('master') : [client]
  await Promise.all(nodes.map(async node => checkInfo(await infoOf(node), address, isDurable)))
}

async function infoOf(node: Redis): Promise<string> {
  try {
    // With sections, an older version would refuse it.
    return await node.info()
  } catch (error) {
    if ((error as Error).message.startsWith('NOPERM')) return ''
    throw error
  }
}

function checkInfo(info: string, address: string, isDurable: boolean) {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
  const version = field('redis_version')
  if (version !== undefined && Number.parseInt(version, 10) < leastVersion) {
    throw new RedisVersionError(`Redis or Valkey ${leastVersion}.0 or later is needed, and ${address} is ${version}`)
  }
  if (field('role') === 'slave') {
    throw new RedisConnectionError(`${address} is a replica, which takes no writes: connect to its master`)
  }
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    const what = `maxmemory-policy of ${address} is ${policy}: Redis may delete what is queued when its memory is full`
    warnOnce(`${what}; set it to noeviction`, 'FOSEN_REDIS_EVICTION')
  }
  if (isDurable && field('aof_enabled') === '0') {
    const what = `appendonly of ${address} is off: what is queued is lost with Redis, but for its last snapshot`
    warnOnce(`${what}; set it to yes`, 'FOSEN_REDIS_PERSISTENCE')
  }
}

function warnOnce(message: string, code: string) {
  registry[warned] ??= new Set()
  if (registry[warned].has(message)) return
  registry[warned].add(message)
  process.emitWarning(message, 'RedisServerWarning', code)
}
