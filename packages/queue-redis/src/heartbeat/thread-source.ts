import { type Reference, referenceOf, resolveReference } from '@fosen/thread-async/worker'
import { Cluster, Redis } from 'ioredis'
import { type Client, isCluster, startupNodesOf } from '../client.ts'
import type { RedisSource } from '../source.ts'

/** Makes a client; portable, so that the heartbeat's thread can do it. */
export type Connect = () => Client

/** A source of connections that can be sent to another thread. */
export type ThreadSource = RedisSource | { readonly connect: Reference }

type Options = Readonly<Record<string, unknown>>

/**
 * The source as the heartbeat's thread is given it.
 *
 * @param connect as `checkConnect` lets it through
 * @throws TypeError that names the option that is a function, or cannot be cloned for another reason
 */
export function threadSource(source: RedisSource, connect: Connect | undefined): ThreadSource {
  if (connect !== undefined) return { connect: referenceOf(connect) }
  const { url, redis, cluster, client } = source as Partial<Record<string, unknown>>
  if (url !== undefined) return { url: String(url) }
  if (redis !== undefined) return { redis: cloneable(redis as Options, 'redis') }
  if (cluster !== undefined) return { cluster: cloneable(cluster as Options, 'cluster') } as unknown as ThreadSource
  return clientSource(client as Client)
}

/** The source in that thread. */
export async function openSource(source: ThreadSource): Promise<RedisSource> {
  if (!('connect' in source)) return source
  const connect = (await resolveReference(source.connect)) as Connect
  return { client: connect() }
}

/** @throws TypeError for what is not portable */
export function checkConnect(connect: unknown): void {
  try {
    referenceOf(connect)
  } catch (cause) {
    const message = 'connect must be portable: connect: portable(import.meta, function connect() { … })'
    throw new TypeError(message, { cause })
  }
}

function clientSource(client: Client): ThreadSource {
  if (isCluster(client)) {
    const { redisOptions, ...options } = client.options as Options & { redisOptions?: Options }
    const defaults = new Cluster([{}], { lazyConnect: true }).options as Options
    const cluster = {
      ...cloneable(without(options, defaults), 'client.options'),
      redisOptions: cloneable(redisOptions ?? {}, 'client.options.redisOptions'),
      nodes: startupNodesOf(client),
    }
    return { cluster } as ThreadSource
  }
  const defaults = new Redis({ lazyConnect: true }).options as Options
  return { redis: cloneable(without(client.options as Options, defaults), 'client.options') }
}

/** The options that are not as ioredis has them when none are given. */
function without(options: Options, defaults: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== defaults[name]))
}

function cloneable(options: Options, path: string): Options {
  for (const [name, value] of Object.entries(options)) {
    try {
      structuredClone(value)
    } catch (cause) {
      const where = culprit(value, `${path}.${name}`)
      const message =
        `${where} cannot be sent to the thread that extends leases: ` +
        'give connect, portable(import.meta, function connect() { return new Redis(…) }), too'
      throw new TypeError(message, { cause })
    }
  }
  return options
}

/** The path to the first part that cannot be cloned. */
function culprit(value: unknown, path: string): string {
  if (typeof value !== 'object' || value === null) return path
  for (const [name, part] of Object.entries(value)) {
    try {
      structuredClone(part)
    } catch {
      return culprit(part, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`)
    }
  }
  return path
}
