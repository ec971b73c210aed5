import { TimeoutError } from '@fosen/queue'
import { expect, test, vi } from 'vitest'
import {
  bufferCodec,
  InvalidElementError,
  jsonCodec,
  RedisDeque,
  SchemaError,
  type StandardSchema,
  textCodec,
} from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

interface Job {
  name: string
}

function isJob(value: unknown): value is Job {
  return typeof (value as Partial<Job> | null)?.name === 'string'
}

const issues = [{ message: 'expected a string', path: ['name'] }, { message: 'no job' }]

/** As Zod and others make them. */
const job: StandardSchema<Job> = {
  '~standard': { version: 1, vendor: 'test', validate: value => (isJob(value) ? { value } : { issues }) },
}
const jobLater: StandardSchema<Job> = {
  '~standard': { ...job['~standard'], validate: async value => job['~standard'].validate(value) },
}

test('values are text, bytes, JSON, or what a schema makes of JSON', async () => {
  const { url } = redis
  await using text = new RedisDeque('list', { url })
  await text.append('正在 "1"')
  expect(await text.pop()).toBe('正在 "1"')
  await using bytes = new RedisDeque('list', { url, codec: bufferCodec })
  await bytes.append(Buffer.from([0, 0xff]))
  expect(await bytes.popWait()).toEqual(Buffer.from([0, 0xff]))
  await using json = new RedisDeque('list', { url, codec: jsonCodec<(Job | null)[]>() })
  await json.append([{ name: '执行' }, null])
  expect(await redis.client.lrange('list', 0, -1)).toEqual(['[{"name":"执行"},null]'])
  expect(await json.pop()).toEqual([{ name: '执行' }, null])
  for (const schema of [job, jobLater]) {
    await using jobs = new RedisDeque('list', { url, schema })
    await jobs.append({ name: 'a' })
    const got: Job | undefined = await jobs.peek()
    expect([got, await jobs.popLeftWait()]).toEqual([{ name: 'a' }, { name: 'a' }])
  }
})

test('a codec may use its bytes again for the next value', async () => {
  const scratch = Buffer.alloc(1)
  const codec = { encode: (value: string) => scratch.fill(value), decode: (bytes: Buffer) => bytes.toString() }
  await using deque = new RedisDeque('list', { url: redis.url, codec })
  await deque.extend(['a', 'b', 'c'])
  expect(await deque.popMany(3)).toEqual(['c', 'b', 'a'])
})

test('what is no value rejects the pop with an error that has it', async () => {
  await using jobs = new RedisDeque('list', { url: redis.url, schema: job })
  await redis.client.rpush('list', '{"name":"a"}', '{', '{}')
  const looked = await jobs.peek().catch(error => error)
  expect([looked.bytes.toString(), await jobs.length()]).toEqual(['{}', 3])
  const refused = await jobs.pop().catch(error => error)
  expect(refused).toBeInstanceOf(InvalidElementError)
  expect(refused.message).toBe("an element of the list 'list' is no value of it: name: expected a string; no job")
  expect(refused.cause).toBeInstanceOf(SchemaError)
  expect([refused.bytes.toString(), refused.cause.issues]).toEqual(['{}', issues])
  const error = await jobs.popLeftMany(5).catch(error => error)
  expect(error.message).toMatch(/^an element of the list 'list' is no value of it: .*JSON/)
  expect(error.cause).toBeInstanceOf(SyntaxError)
  expect([error.bytes.toString(), error.popped.map(String)]).toEqual(['{', ['{"name":"a"}', '{']])

  await using text = new RedisDeque('list', { url: redis.url })
  await redis.client.rpush('list', Buffer.from([0x61, 0xff]))
  const binary = await text.popWait().catch(error => error)
  expect([binary.message, binary.bytes]).toEqual([
    "an element of the list 'list' is no value of it: the bytes are no UTF-8",
    Buffer.from([0x61, 0xff]),
  ])
})

test('what is no value goes to onInvalid, and the pop goes on', async () => {
  const invalid: string[] = []
  const onInvalid = async (bytes: Buffer) => void invalid.push(bytes.toString())
  await using jobs = new RedisDeque('list', { url: redis.url, schema: jobLater, onInvalid })
  await redis.client.rpush('list', '1', '{"name":"a"}', '2', '3')
  expect(await jobs.popMany(2)).toEqual([{ name: 'a' }])
  expect(await jobs.popMany(2)).toEqual([])
  await redis.client.rpush('list', '4')
  expect(await jobs.pop()).toBeUndefined()
  const waiting = jobs.popWait()
  await redis.blocked(1)
  await redis.client.lpush('list', '5', '{"name":"b"}')
  expect(await waiting).toEqual({ name: 'b' })
  await redis.client.rpush('list', '6')
  await expect(jobs.popWait({ timeout: 20 })).rejects.toThrow(TimeoutError)
  expect(invalid).toEqual(['3', '2', '1', '4', '5', '6'])
})

test('an onInvalid that fails rejects the pop, with what it has not taken', async () => {
  const onInvalid = vi.fn((bytes: Buffer) => {
    if (bytes.toString() === '2') throw new Error('nowhere to put it')
  })
  await using jobs = new RedisDeque('list', { url: redis.url, schema: job, onInvalid })
  await redis.client.rpush('list', '1', '{"name":"a"}', '2')
  const error = await jobs.popLeftMany(3).catch(error => error)
  expect(error).toBeInstanceOf(InvalidElementError)
  expect([error.cause.message, error.bytes.toString()]).toEqual(['nowhere to put it', '2'])
  expect(error.popped.map(String)).toEqual(['{"name":"a"}', '2'])
  expect(onInvalid).toHaveBeenCalledTimes(2)
})

test('a value that is none is refused before anything is sent', async () => {
  const { url } = redis
  await using text = new RedisDeque('list', { url })
  await expect(text.extend(['a', 'b\ud800'])).rejects.toThrow("the value must be well-formed text, not 'b\\ud800'")
  await expect(text.append(1 as unknown as string)).rejects.toThrow('the value must be a string, not 1')
  await using bytes = new RedisDeque('list', { url, codec: bufferCodec })
  await expect(bytes.append('a' as unknown as Buffer)).rejects.toThrow("the value must be a Buffer, not 'a'")
  const huge = Buffer.allocUnsafe(512 * 2 ** 20 + 1)
  await expect(bytes.append(huge)).rejects.toThrow(
    new RangeError('a value must take up to 512 MiB, not 536870913 bytes'),
  )
  expect(await text.length()).toBe(0)
})

test('bad options are refused', async () => {
  const { url } = redis
  const make = (options: object) => () => new RedisDeque('list', { url, ...options })
  expect(make({ codec: {} })).toThrow('codec must have the functions encode and decode: {}')
  expect(make({ schema: null })).toThrow('schema must be a validator by the Standard Schema, version 1, not null')
  expect(make({ schema: { '~standard': { version: 2 } } })).toThrow(TypeError)
  expect(make({ onInvalid: 'throw' })).toThrow("onInvalid must be a function, not 'throw'")
  // @ts-expect-error numbers are no text
  await using numbers = new RedisDeque<number>('list', { url })
  await expect(numbers.append(1)).rejects.toThrow('the value must be a string, not 1')
  await using strings = new RedisDeque('list', { url, codec: textCodec })
  for (const max of [0, -1, 1.5, Number.NaN, Infinity]) await expect(strings.popMany(max)).rejects.toThrow(RangeError)
})

test('hundreds of thousands of values go in and out, in order', async () => {
  await using deque = new RedisDeque('list', { url: redis.url, codec: jsonCodec<number>() })
  const values = Array.from({ length: 200_000 }, (_, i) => i)
  await deque.extendLeft(values)
  expect(await deque.length()).toBe(200_000)
  expect(await deque.popMany(150_000)).toEqual(values.slice(0, 150_000))
  expect(await deque.popLeftMany(200_000)).toEqual(values.slice(150_000).reverse())
})
