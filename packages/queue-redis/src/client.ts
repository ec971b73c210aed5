import { Cluster, type ClusterNode, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import type { CheckedSource, RedisSource } from './source.ts'
import type { Patience } from './watchdog.ts'

/** How long a connection may take to be made, the first one until it answers; in milliseconds. */
const connectTimeout = 3_000
/** How long a connection that is closed lets the other side finish, in milliseconds. */
const disconnectTimeout = 200
/** How long the server may be silent while it owes an answer before the connection counts as dead, in milliseconds. */
const socketTimeout = 30_000
/** The same for a connection whose commands block, beyond the time that they do. */
const blockingSocketTimeout = 5_000
/** How often a command goes to a cluster again, mostly after 100 ms, while it finds no master. */
const maxRedirections = 1_000

/** Pipelines that ioredis makes by itself are given up when they are cut, and not sent again. */
const fixed = { lazyConnect: true, enableAutoPipelining: false, replyMapping: 'legacy' } as const

/** The watchdog does what these are for. */
const unwatched = { connectTimeout: 0, socketTimeout: undefined }

export type Client = Redis | Cluster

export interface ClientHooks {
  /** Whether a connection that is lost, or was not made, is to be made again. */
  isToRetry(): boolean
  /** The server has refused a command, for being a replica. */
  onReadonly(): void
  /** How often in a row it has. */
  refusals(): number
}

/** A client that connects when it is told to. Once it has stood, it restores itself for ever; the watchdog sees to dead ones. */
export function createClient({ url, redis, cluster }: CheckedSource, hooks: ClientHooks): Client {
  if (cluster !== undefined) return createCluster(cluster, hooks)
  const options = { maxRetriesPerRequest: null, ...redis }
  const later = options.retryStrategy ?? cappedBackoff
  const settings = {
    disconnectTimeout,
    // What the watchdog does not see: until its sentinels have said where the master is, there is no connection.
    sentinelCommandTimeout: (options.connectTimeout ?? connectTimeout) || undefined,
    ...options,
    ...fixed,
    ...unwatched,
    // Without it, ioredis leaves what was under way pending for ever.
    autoResendUnfulfilledCommands: true,
    retryStrategy: (attempt: number) => (hooks.isToRetry() ? later(Math.max(attempt, hooks.refusals())) : null),
    reconnectOnError(error: Error) {
      // A demoted master: the address may lead to the new one, and the command goes there.
      if (!error.message.startsWith('READONLY')) return options.reconnectOnError?.(error) ?? false
      hooks.onReadonly()
      return 2
    },
  }
  return url === undefined ? new Redis(settings) : new Redis(url, settings)
}

function createCluster({ nodes, ...options }: ClusterOptions & { nodes: readonly ClusterNode[] }, hooks: ClientHooks) {
  const later = options.clusterRetryStrategy ?? cappedBackoff
  return new Cluster([...nodes], {
    maxRedirections,
    ...options,
    ...fixed,
    redisOptions: { disconnectTimeout, ...options.redisOptions, ...fixed, ...unwatched },
    clusterRetryStrategy: (attempt, reason) => (hooks.isToRetry() ? later(attempt, reason) : null),
  })
}

/** How long a connection from this source may be silent, by its connectTimeout and socketTimeout: 0 is for ever. */
export function patienceOf({ redis, cluster, client }: CheckedSource): Patience {
  const given = client === undefined ? (redis ?? cluster?.redisOptions) : redisOptionsOf(client)
  const { connectTimeout: connect = connectTimeout, socketTimeout: answer = socketTimeout } = given ?? {}
  return { connect: connect || Infinity, answer: answer || Infinity }
}

/**
 * The source of a connection to where this client leads, for commands that block for some time.
 *
 * @param patience of that client's connection
 * @param blocking the longest time that they do, in milliseconds
 */
export function blockingSource(client: Client, { connect, answer }: Patience, blocking: number): RedisSource {
  const settings: RedisOptions = {
    ...redisOptionsOf(client),
    connectTimeout: connect === Infinity ? 0 : connect,
    disconnectTimeout,
    maxRetriesPerRequest: null,
    socketTimeout: blocking + Math.min(answer, blockingSocketTimeout),
    commandTimeout: undefined,
    enableOfflineQueue: true,
  }
  if (!isCluster(client)) return { redis: settings }
  // A push that is written behind a blocking command of the same client would wait for its end: this is another one.
  const nodes = startupNodesOf(client)
  return { cluster: { ...client.options, redisOptions: settings, nodes } }
}

export function redisOptionsOf(client: Client): RedisOptions {
  return isCluster(client) ? (client.options.redisOptions ?? {}) : client.options
}

/** Where the client leads, without passwords. */
export function addressOf(client: Client): string {
  if (isCluster(client)) return `the cluster of ${startupNodesOf(client).map(addressOfNode).join(', ')}`
  const { sentinels, name } = client.options
  if (!sentinels) return addressOfOptions(client.options)
  return `the master '${name}' of ${sentinels.map(sentinel => addressOfOptions({ port: 26379, ...sentinel })).join(', ')}`
}

function addressOfNode(node: ClusterNode): string {
  if (typeof node === 'object') return addressOfOptions(node as RedisOptions)
  if (typeof node === 'number') return addressOfOptions({ port: node })
  const { hostname, port } = URL.parse(node.includes('://') ? node : `redis://${node}`) ?? {}
  return addressOfOptions({ host: hostname || 'localhost', port: Number(port || 6379) })
}

function addressOfOptions({ path, tls, host = 'localhost', port = 6379 }: RedisOptions): string {
  return path || `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export function isCluster(client: Client): client is Cluster {
  return client.isCluster
}

/** The nodes that it was given to begin with. */
export function startupNodesOf(client: Cluster): ClusterNode[] {
  return (client as unknown as { startupNodes: ClusterNode[] }).startupNodes
}

function cappedBackoff(attempt: number): number {
  return Math.min(2_000, 25 * 2 ** attempt) * (0.5 + Math.random() / 2)
}
