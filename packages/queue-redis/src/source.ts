import { inspect } from 'node:util'
import type { Cluster, ClusterNode, ClusterOptions, Redis, RedisOptions } from 'ioredis'
import { urlWithoutSecrets } from './secrets.ts'

/**
 * Where Redis is: a `redis:` or `rediss:` URL, options of ioredis (also for Sentinel), those of its Cluster with the
 * nodes to begin with, or a client of ioredis that you have, a Redis or a Cluster.
 *
 * Your client is used as it is and never closed; waiting goes over a connection made with the same options. What is lost
 * of it, and how long calls wait then, is as its options say.
 */
export type RedisSource =
  | { readonly url: string | URL }
  | { readonly redis: RedisOptions }
  | { readonly cluster: ClusterOptions & { readonly nodes: readonly ClusterNode[] } }
  | { readonly client: Redis | Redis<'resp3'> | Cluster | Cluster<'resp3'> }

export interface CheckedSource {
  readonly url: string | undefined
  readonly redis: RedisOptions | undefined
  readonly cluster: (ClusterOptions & { readonly nodes: readonly ClusterNode[] }) | undefined
  readonly client: Redis | Cluster | undefined
}

/** @throws TypeError unless exactly one of url, redis, cluster and client is given, and is one. No message has a password */
export function checkSource(source: RedisSource): CheckedSource {
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(`options must be an object with url, redis, cluster or client, not ${shown(source)}`)
  }
  const { url, redis, cluster, client } = source as Partial<CheckedSource>
  const given = [url, redis, cluster, client].filter(it => it !== undefined).length
  if (given !== 1)
    throw new TypeError(`exactly one of url, redis, cluster and client must be given, not ${given} of them`)
  if (redis !== undefined && (typeof redis !== 'object' || redis === null)) {
    throw new TypeError(`redis must be the options of an ioredis client, not ${shown(redis)}`)
  }
  if (cluster !== undefined) checkCluster(cluster)
  if (client !== undefined && !isClient(client)) {
    throw new TypeError(`client must be a Redis or Cluster of ioredis, not ${shown(client)}`)
  }
  return { url: url === undefined ? undefined : checkedUrl(url), redis, cluster, client }
}

function checkedUrl(given: unknown): string {
  if (typeof given !== 'string' && !(given instanceof URL))
    throw new TypeError(`url must be a URL, not ${shown(given)}`)
  const url = String(given)
  const wrong = (why: string) => {
    const shape = 'url must be like redis://host:6379/0 or rediss://host:6379'
    throw new TypeError(`${shape}, not ${urlWithoutSecrets(url)}${why}`)
  }
  const { protocol, host, pathname = '' } = URL.parse(url) ?? {}
  if (!host || (protocol !== 'redis:' && protocol !== 'rediss:')) wrong('')
  // A slash, hash or question mark in a password ends the host.
  if (!/^\/?\d*$/.test(pathname)) wrong(' with a path that is no database; a password must be percent-encoded')
  return url
}

function checkCluster(cluster: { nodes?: unknown }) {
  const { nodes } = (cluster ?? {}) as { nodes?: unknown }
  if (Array.isArray(nodes) && nodes.length > 0) return
  throw new TypeError(`cluster must have nodes, the addresses to begin with, not ${shown(nodes)}`)
}

function isClient(value: unknown): value is Redis | Cluster {
  const { callBuffer, duplicate, isCluster } = (value ?? {}) as Partial<Redis>
  return typeof callBuffer === 'function' && typeof duplicate === 'function' && typeof isCluster === 'boolean'
}

/** A string may be a URL, and an object have one, password and all. */
function shown(value: unknown): string {
  if (typeof value === 'string') return 'a string'
  return inspect(value, { depth: -1 })
}
