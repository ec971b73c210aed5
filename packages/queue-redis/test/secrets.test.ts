import { inspect } from 'node:util'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisDeque, type RedisSource } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'

const secret = 'hunter2'
const closed = 1

/** All that a log may show of an error, and of what it has. */
function shown(error: unknown): string {
  const { message = '', stack = '', cause } = error as Error
  const parts = [String(error), message, stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)]
  return parts.join('\n') + (cause === undefined ? '' : shown(cause))
}

async function failureOf(source: RedisSource): Promise<unknown> {
  try {
    await using deque = new RedisDeque('list', source)
    await deque.append('a')
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

test('no failure shows a password', async () => {
  // ioredis prints errors of a client without a listener; those are its owner's.
  using _ = vi.spyOn(console, 'error').mockImplementation(() => {})
  await using server = await startDurableRedis({ args: ['--requirepass', 'right'] })
  const { host, port } = server
  const admin = new Redis({ host, port, password: 'right' })
  await admin.acl('SETUSER', 'nothing', 'on', `>${secret}`, '~*', '-@all', '+hello', '+auth', '+info')
  await admin.acl('SETUSER', 'off', 'off', `>${secret}`, '~*', '+@all')
  const login = { host, port, password: secret }
  const clients = [
    new Redis({ ...login, retryStrategy: () => null }),
    new Redis({ ...login, retryStrategy: () => null, protocol: 2 }),
    new Redis({ ...login, retryStrategy: () => null, username: 'nothing' }),
    new Cluster([{ host, port }], { redisOptions: { password: secret }, clusterRetryStrategy: () => null }),
  ]
  const sources: Record<string, RedisSource> = {
    'a wrong password': { url: `redis://:${secret}@${host}:${port}` },
    'a wrong name and password': { redis: { ...login, username: 'nobody' } },
    'a wrong password, by AUTH': { redis: { ...login, protocol: 2 } },
    'a wrong password, without a ready check': { redis: { ...login, enableReadyCheck: false } },
    'a user that is off': { redis: { ...login, username: 'off' } },
    'a user that may not push': { url: `redis://nothing:${secret}@${host}:${port}` },
    'a server that is not there': { url: `redis://me:${secret}@127.0.0.1:${closed}/0` },
    'a name that is not there': { redis: { ...login, host: 'nowhere.invalid' } },
    'sentinels that are not there': {
      redis: {
        ...login,
        sentinels: [{ port: closed }],
        sentinelPassword: secret,
        sentinelRetryStrategy: () => null,
        name: 'm',
      },
    },
    'a cluster that refuses the password': { cluster: { nodes: [{ host, port }], redisOptions: { password: secret } } },
    'a cluster that is not there': { cluster: { nodes: [`redis://:${secret}@127.0.0.1:${closed}`] } },
    ...Object.fromEntries(clients.map((client, i) => [`a client of mine, ${i}`, { client }])),
    'an URL with a slash in it': { url: `redis://:a/${secret}@${host}:${port}` },
    'an URL with a number sign in it': { url: `redis://:a#${secret}@${host}:${port}` },
    'an URL with a question mark in it': { url: `redis://:a?${secret}@${host}:${port}` },
    'an URL with two ats in it': { url: `redis://:a@${secret}@${host}:${port}:1` },
    'an URL without a protocol': { url: `:${secret}@${host}:${port}` },
    'an URL of something else': { url: `postgres://me:${secret}@${host}:${port}` },
    'an URL without a host': { url: `redis://:${secret}@` },
    'an URL as the options': `redis://:${secret}@${host}` as unknown as RedisSource,
    'options without anything': { password: secret } as unknown as RedisSource,
    'what is no client': { client: { password: secret } as unknown as Redis },
    'cluster options without nodes': { cluster: { redisOptions: { password: secret } } as unknown as { nodes: [] } },
    'an URL as redis': { redis: `redis://:${secret}@${host}` as unknown as RedisOptions },
  }
  for (const [name, source] of Object.entries(sources)) {
    const error = await failureOf(source)
    expect(error, name).toBeInstanceOf(Error)
    expect(shown(error), name).not.toContain(secret)
  }
  for (const client of clients) client.disconnect()
  await admin.quit()
})

test('a password that is changed while the connection is lost is not shown in the warning', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const first = await startDurableRedis({ args: ['--requirepass', secret] })
  const { host, port } = first
  await using deque = new RedisDeque('list', { redis: { host, port, password: secret } })
  await deque.length()
  await first.stop()
  await using _ = await startDurableRedis({ port, args: ['--requirepass', 'another'] })
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), 10_000)
  expect(warn.mock.calls[0]?.[0]).toMatch(
    /is lost, and calls wait until it is restored: (WRONGPASS|connect ECONNREFUSED)/,
  )
  expect(inspect(warn.mock.calls)).not.toContain(secret)
})
