import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { missingPythonModules, python } from '@fosen/python'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bufferCodec, jsonCodec, RedisDeque, RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const missing = await missingPythonModules(['redis'])

// Where it cannot be had, there is nothing to compare with.
describe.skipIf(missing !== undefined)(`redis-py${missing === undefined ? '' : `, to be had by: ${missing}`}`, () => {
  const redis = useRedis()
  let client: RedisPy

  beforeAll(() => {
    client = new RedisPy(redis.url)
  })

  afterAll(() => client.close())

  test.each(['', 'plain', '正在执行:🙂', ' "quoted"\n\0', '{"name": "a"}'])(
    'writes and reads %j as we do',
    async text => {
      await using deque = new RedisDeque('list', { url: redis.url })
      await client.ask('lpush', 'list', text)
      expect(await deque.pop()).toBe(text)
      await client.ask('rpush', 'list', text)
      expect([await deque.peekLeft(), await deque.popLeftWait()]).toEqual([text, text])
      await deque.append(text)
      expect(await client.ask('rpop', 'list')).toEqual(Buffer.from(text))
      await deque.appendLeft(text)
      expect(await client.ask('brpop', 'list', 1)).toEqual([Buffer.from('list'), Buffer.from(text)])
    },
  )

  test('agrees on ends, order, counts and lengths', async () => {
    await using deque = new RedisDeque('list', { url: redis.url })
    await client.ask('lpush', 'list', 'b', 'a')
    await deque.extend(['c', 'd'])
    await client.ask('rpush', 'list', 'e', 'f')
    await deque.extendLeft(['2', '1'])
    const texts = async (...question: unknown[]) => ((await client.ask(...question)) as Buffer[]).map(String)
    expect(await texts('lrange', 'list', 0, -1)).toEqual(['1', '2', 'a', 'b', 'c', 'd', 'e', 'f'])
    expect([await deque.length(), await client.ask('llen', 'list')]).toEqual([8, 8])
    expect([await deque.peek(), String(await client.ask('lindex', 'list', -1))]).toEqual(['f', 'f'])
    expect([await deque.popMany(2), await texts('rpop', 'list', 2)]).toEqual([
      ['f', 'e'],
      ['d', 'c'],
    ])
    expect([await deque.popLeftMany(1), await texts('lpop', 'list', 2)]).toEqual([['1'], ['2', 'a']])
    await client.ask('delete', 'list')
    expect([await deque.pop(), await client.ask('rpop', 'list')]).toEqual([undefined, null])
  })

  test('wakes who waits here, and is woken from here', async () => {
    await using deque = new RedisDeque('list', { url: redis.url })
    const got = deque.popWait()
    await redis.blocked(1)
    await client.ask('lpush', 'list', 'from Python')
    expect(await got).toBe('from Python')
    const answer = client.ask('brpop', 'list', 5)
    await redis.blocked(1)
    await deque.appendLeft('from TypeScript')
    expect(await answer).toEqual([Buffer.from('list'), Buffer.from('from TypeScript')])
  })

  test('produces JSON that is consumed here, plainly and with nothing lost, and consumes ours', async () => {
    await using deque = new RedisDeque('list', { url: redis.url, codec: jsonCodec<{ name: string }>() })
    await client.ask('lpush', 'list', '{"name": "\\u6b63"}', '{"name": "b"}', '{"name": "c"}')
    expect(await deque.popWait()).toEqual({ name: '正' })
    await using queue = new RedisQueue<{ name: string }>('list', { url: redis.url })
    for (const name of ['b', 'c']) {
      const delivery = await queue.get()
      expect(delivery.value).toEqual({ name })
      delivery.ack()
    }
    await queue.join()
    await deque.appendLeft({ name: '正' })
    expect(JSON.parse(String(await client.ask('rpop', 'list')))).toEqual({ name: '正' })
  })

  test('reads bytes as they are', async () => {
    await using deque = new RedisDeque('list', { url: redis.url, codec: bufferCodec })
    const bytes = Buffer.from([0, 1, 0xf5, 0xff, 0x0d, 0x0a])
    await deque.append(bytes)
    expect(await client.ask('rpop', 'list')).toEqual(bytes)
  })
})

/** A process that does with redis-py what it is asked for, one question after the other. */
class RedisPy {
  readonly #child
  readonly #answers

  constructor(url: string) {
    const program = fileURLToPath(new URL('fixtures/redis_py.py', import.meta.url))
    this.#child = spawn(python, ['-u', program, url], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async ask(...question: unknown[]): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`redis-py has ended at ${JSON.stringify(question)}`)
    return JSON.parse(value, (_, each) => (typeof each?.hex === 'string' ? Buffer.from(each.hex, 'hex') : each))
  }

  async close() {
    const exited = once(this.#child, 'exit')
    this.#child.stdin.end()
    await exited
  }
}
