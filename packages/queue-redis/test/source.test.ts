import { expect, test } from 'vitest'
import { RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

test('bad sources are refused, and no message shows a password', () => {
  const cases: [source: unknown, message: string][] = [
    [
      { url: 'http://me:secret@host/0' },
      "url must be like redis://host:6379/0 or rediss://host:6379, not 'http://host'",
    ],
    [{ url: 'localhost:6379' }, 'not one that cannot be parsed'],
    [{ url: 'secret' }, 'not one that cannot be parsed, and is not shown for the password that it may have'],
    [{ url: 'redis://me:sec@ret@host:99999?password=secret' }, 'not one that cannot be parsed'],
    [{ url: 'redis://:secret@' }, 'not one that cannot be parsed'],
    [{ url: 'redis://me:6/secret@host' }, "not 'redis://me:6' with a path that is no database; a password must be"],
    [{ url: new URL('http://me:secret@host') }, "not 'http://host'"],
    [{ url: 6379 }, 'url must be a URL, not 6379'],
    [{}, 'exactly one of url, redis, cluster and client must be given, not 0 of them'],
    [{ url: redis.url, client: redis.client }, 'not 2 of them'],
    [undefined, 'options must be an object with url, redis, cluster or client, not undefined'],
    ['redis://:secret@host', 'not a string'],
    [{ client: { password: 'secret' } }, 'client must be a Redis or Cluster of ioredis, not [Object]'],
    [{ client: null }, 'not null'],
    [{ redis: 'redis://:secret@host' }, 'redis must be the options of an ioredis client, not a string'],
    [{ redis: { keyPrefix: 'app:' } }, "put 'app:' before the name instead"],
    [{ url: `${redis.url}?keyPrefix=app:` }, 'keyPrefix does not reach the keys of scripts'],
    [{ cluster: { nodes: [], redisOptions: { password: 'secret' } } }, 'cluster must have nodes'],
    [{ cluster: { nodes: ['redis://host'], keyPrefix: 'app:' } }, "put 'app:' before the name instead"],
    [
      { cluster: { nodes: ['redis://host'], redisOptions: { keyPrefix: 'app:' } } },
      "put 'app:' before the name instead",
    ],
  ]
  for (const [source, message] of cases) {
    const make = () => new RedisQueue('jobs', source as { url: string })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
    expect(make).not.toThrow(/secret|sec@ret/)
  }
})
