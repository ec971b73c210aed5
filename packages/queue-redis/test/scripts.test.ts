import { beforeEach, expect, test } from 'vitest'
import { RedisConnection } from '../src/connection.ts'
import { idOf, seal } from '../src/envelope.ts'
import { queueKeys } from '../src/keys.ts'
import { packStrings, unpackStrings } from '../src/packed-strings.ts'
import { type Argument, Script } from '../src/script.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const { ready, hot, leased, leases, delayed, dead, meta, cancelled, levels } = queueKeys('jobs')
const scripts = {
  beat: new Script('beat'),
  take: new Script('take'),
  put: new Script('put'),
  settle: new Script('settle'),
}
let connection: RedisConnection

beforeEach(() => {
  connection = new RedisConnection({ url: redis.url })
  return () => connection.close()
})

async function take(token: string, max: number, ...done: string[]) {
  const keys = [ready, hot, leased, leases, delayed, meta, cancelled, ...levels]
  const reply = await scripts.take.run(connection, keys, [token, max, 60_000, '', ...done])
  const [wait, packed, lost] = reply as [number, Buffer | null, number[]]
  return { wait: Number(wait), elements: packed && unpackStrings(packed).map(String), lost: lost.map(Number) }
}

function put(call: number, producer: string, envelopes: Buffer[], ...own: Argument[]) {
  const keys = [ready, producer, hot, delayed, ...levels]
  return scripts.put.run(connection, keys, [call, packStrings(envelopes), 0, 0, 0, ...own])
}

function settle(...args: Argument[]) {
  return scripts.settle.run(connection, [ready, hot, leased, leases, delayed, dead, cancelled, ...levels], args)
}

test('a take that is sent again gets the same batch', async () => {
  await redis.client.lpush('jobs', 'a', 'b', 'c')
  const first = await take('token number 1', 2)
  expect(first).toEqual({ wait: 0, elements: ['a', 'b'], lost: [] })
  expect(await take('token number 1', 2)).toEqual(first)
  expect(await take('token number 2', 2)).toMatchObject({ elements: ['c'] })
  expect(await take('token number 3', 2, 'token number 1', 'token number 2')).toEqual({
    wait: -1,
    elements: null,
    lost: [],
  })
})

test('a take says which of the batches that are done had lost their lease', async () => {
  await redis.client.lpush('jobs', 'a')
  await take('token number 1', 1)
  const { lost } = await take('token number 2', 1, 'no such token.', 'token number 1', 'token number 1')
  expect(lost).toEqual([0, 2])
})

test('a put that is sent again puts nothing, and has the same answer', async () => {
  const producer = '{jobs}:p:one'
  redis.keep(producer, '{jobs}:p:two', 'jobs')
  const envelopes = [seal('a'), seal('b')]
  expect(Number(await put(1, producer, envelopes))).toBe(2)
  expect(Number(await put(1, producer, envelopes))).toBe(2)
  expect(await redis.client.llen('jobs')).toBe(2)
  expect(Number(await put(2, producer, [seal('c')]))).toBe(1)
  expect(Number(await put(1, '{jobs}:p:two', [seal('d')]))).toBe(1)
  expect(await redis.client.llen('jobs')).toBe(4)
})

test('a settlement that is sent again changes nothing, and has the same answer while the lease is held', async () => {
  await redis.client.lpush('jobs', 'a', 'b')
  await take('token number 1', 2)
  for (let sent = 0; sent < 2; sent++) {
    expect(await settle('bury', 'token number 1', 0, 'Error', 'no')).toEqual([1])
    expect(await redis.client.llen(dead)).toBe(1)
  }
  expect(await settle('done', 'token number 1', '', '', '', 'ack', 'token number 1', '\0\0', '', '')).toEqual([1, 0])
  redis.keep(dead)
})

test('an ack that is sent again counts once', async () => {
  await redis.client.lpush('jobs', 'a', 'b')
  await take('token number 1', 2)
  for (let sent = 0; sent < 2; sent++) expect(await settle('ack', 'token number 1', '\0\0', '', '')).toEqual([1])
  expect(await redis.client.hstrlen(leased, 'token number 1:a')).toBe(2)
  await settle('done', 'token number 1', '', '', '')
})

test('a batch is read once for all of it that comes back', async () => {
  const count = 500
  await redis.client.lpush('jobs', ...Array.from({ length: count }, (_, i) => `${i}`))
  await take('token number 1', count)
  await redis.client.config('RESETSTAT')
  const retries = Array.from({ length: count }, (_, index) => ['retry', 'token number 1', index, 0, ''])
  expect(await settle(...retries.flat(), 'done', 'token number 1', '', '', '')).toEqual(Array(count + 1).fill(1))
  expect(await redis.client.info('commandstats')).toMatch(/^cmdstat_hget:calls=2,/m)
  expect((await take('token number 2', count)).elements).toHaveLength(count)
  await take('token number 3', 1, 'token number 2')
})

test('messages whose consumer has gone are leased one by one', async () => {
  await redis.client.lpush('jobs', 'a', 'b', 'c')
  await take('token number 1', 2)
  await redis.client.zadd(leases, 'XX', 1, 'token number 1')
  await redis.client.lpush('jobs', 'd')
  const batches = []
  for (let number = 2; number <= 4; number++) batches.push((await take(`token number ${number}`, 10)).elements)
  expect(batches.map(elements => elements?.map(element => element.slice(-1)))).toEqual([['a'], ['b'], ['c', 'd']])
  await redis.client.flushall()
})

test('a wake marker is not delivered, and does not stay', async () => {
  await take('token number 1', 1)
  await redis.client.lpush('jobs', 'a')
  await take('token number 2', 1)
  await settle('retry', 'token number 2', 0, 0, '', 'done', 'token number 2', '', '', '')
  expect(await redis.client.llen('jobs')).toBe(1)
  const { elements } = await take('token number 3', 1)
  expect(elements).toHaveLength(1)
  expect(await redis.client.exists('jobs', hot)).toBe(0)
  await take('token number 4', 1, 'token number 3')
})

test('one who waits is woken when more messages are due than a take has room for', async () => {
  await redis.client.zadd(delayed, 1, seal('a'), 1, seal('b'))
  expect((await take('token number 1', 1)).elements).toHaveLength(1)
  expect(await redis.client.llen('jobs')).toBe(1)
  expect((await take('token number 2', 1)).elements).toHaveLength(1)
  expect(await redis.client.llen('jobs')).toBe(0)
  await take('token number 3', 1, 'token number 1', 'token number 2')
})

test('a take from what is no list fails, and nothing is lost', async () => {
  await redis.client.lpush(hot, 'a')
  await redis.client.set('jobs', 'b')
  await expect(take('token number 1', 2)).rejects.toThrow('WRONGTYPE')
  await redis.client.del('jobs')
  expect((await take('token number 1', 2)).elements).toEqual(['a'])
  await take('token number 2', 1, 'token number 1')
})

test('a beat tells the ids that were cancelled last, also where there are many', async () => {
  const ids = Array.from({ length: 3_000 }, (_, i) => `${i}`.padStart(16, '0'))
  await redis.client.zadd(cancelled, ...ids.flatMap((id, i) => [Date.now() + 60_000 + i, id]))
  const [lost, told] = (await scripts.beat.run(
    connection,
    [leases, cancelled],
    [100, 1, 'token number 1'],
  )) as Buffer[][]
  expect(lost?.map(Number)).toEqual([0])
  expect(told?.map(String)).toEqual(ids.toReversed().slice(0, 1_000))
  redis.keep(cancelled)
})

test('a cancelled message is dropped when it is taken', async () => {
  const envelopes = [seal('a'), seal('b')]
  await redis.client.lpush('jobs', ...envelopes)
  await redis.client.zadd(cancelled, Date.now() + 60_000, Buffer.from(idOf(envelopes[0] as Buffer), 'hex'))
  expect((await take('token number 1', 2)).elements).toHaveLength(1)
  await take('token number 2', 2, 'token number 1')
})
