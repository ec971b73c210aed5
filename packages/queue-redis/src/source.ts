import { inspect } from 'node:util'
import type { Redis, RedisOptions } from 'ioredis'

/**
 * Where Redis is: a `redis:` or `rediss:` URL, options of ioredis, or a client of ioredis that you have. Your client is
 * used as it is and never closed; waiting goes over a connection made with the same options.
 */
export type RedisSource = { readonly url: string } | { readonly redis: RedisOptions } | { readonly client: Redis }

export interface CheckedSource {
  readonly url: string | undefined
  readonly redis: RedisOptions | undefined
  readonly client: Redis | undefined
}

/** @throws TypeError unless exactly one of url, redis and client is given, and is one */
export function checkSource(source: RedisSource): CheckedSource {
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(`options must be an object with url, redis or client, not ${inspect(source)}`)
  }
  const { url, redis, client } = source as Partial<CheckedSource>
  const given = [url, redis, client].filter(it => it !== undefined).length
  if (given !== 1) throw new TypeError(`exactly one of url, redis and client must be given, not ${given} of them`)
  if (url !== undefined) checkUrl(url)
  if (redis !== undefined && (typeof redis !== 'object' || redis === null)) {
    throw new TypeError(`redis must be the options of an ioredis client, not ${inspect(redis)}`)
  }
  if (client !== undefined && !isClient(client)) {
    throw new TypeError(`client must be a Redis of ioredis, and no Cluster, not ${inspect(client, { depth: -1 })}`)
  }
  return { url, redis, client }
}

function checkUrl(url: unknown) {
  if (typeof url !== 'string') throw new TypeError(`url must be a string, not ${inspect(url)}`)
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new TypeError(`url must be like redis://host:6379 or rediss://host:6379, not ${withoutSecrets(url)}`)
  }
}

/** What may be a password is before an @, or after a ?. */
function withoutSecrets(url: string): string {
  return inspect(url.replace(/\?.*$/s, '').replace(/^([a-z]+:\/\/)?.*@/is, '$1'))
}

function isClient(value: unknown): value is Redis {
  const { callBuffer, duplicate, isCluster } = (value ?? {}) as Partial<Redis>
  return typeof callBuffer === 'function' && typeof duplicate === 'function' && isCluster === false
}
