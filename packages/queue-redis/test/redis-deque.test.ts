import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { QueueClosedError, RedisDeque, TimeoutError } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

test('both ends take and give, and an empty deque gives undefined', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  await deque.append('b')
  await deque.appendLeft('a')
  await deque.extend(['c', 'd'])
  await deque.extendLeft(['z', 'y'])
  expect(await redis.client.lrange('list', 0, -1)).toEqual(['y', 'z', 'a', 'b', 'c', 'd'])
  expect([await deque.length(), await deque.popLeft(), await deque.pop()]).toEqual([6, 'y', 'd'])
  await deque.clear()
  expect([await deque.length(), await deque.popLeft(), await deque.pop()]).toEqual([0, undefined, undefined])
})

test('popWait gives what is there, and waits for what comes, in the order of the calls', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  await deque.append('a')
  expect(await deque.popWait()).toBe('a')
  const waits = [deque.popWait(), deque.popWait()]
  await redis.blocked(1)
  await redis.client.lpush('list', 'b', 'c')
  expect(await Promise.all(waits)).toEqual(['b', 'c'])
})

test('a popWait with timeout 0 gives what is there, and does not wait behind others', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  await expect(deque.popWait({ timeout: 0 })).rejects.toThrow(TimeoutError)
  await deque.append('a')
  expect(await deque.popWait({ timeout: 0 })).toBe('a')
  const waiting = deque.popWait()
  await redis.blocked(1)
  await expect(deque.popWait({ timeout: 0 })).rejects.toThrow(TimeoutError)
  await deque.append('b')
  expect(await waiting).toBe('b')
})

test('a popWait that is aborted rejects at once, and what comes for it stays in the list', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  const reason = new Error('enough')
  const controller = new AbortController()
  const aborted = deque.popWait({ signal: controller.signal })
  await redis.blocked(1)
  controller.abort(reason)
  await expect(aborted).rejects.toBe(reason)
  await redis.client.lpush('list', 'a')
  await vi.waitFor(async () => expect(await redis.client.lrange('list', 0, -1)).toEqual(['a']), 5_000)
  expect(await deque.popWait()).toBe('a')
  await expect(deque.popWait({ signal: controller.signal })).rejects.toBe(reason)
})

test('a value that cannot be put back is kept: for the next popWait, or until Redis takes it', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const kept = ['the deque list: a value is kept until it can be put back: ReplyError: OOM', 'RedisDequeWarning']
  const lost = ['the deque list: a value is lost with the closed deque', 'RedisDequeWarning']
  const deque = new RedisDeque('list', { url: redis.url })
  const keepOne = async (value: string) => {
    warn.mockClear()
    const controller = new AbortController()
    const aborted = deque.popWait({ signal: controller.signal })
    await redis.blocked(1)
    controller.abort()
    await expect(aborted).rejects.toThrow('aborted')
    await redis.client.multi().lpush('list', value).config('SET', 'maxmemory', 1).exec()
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), 5_000)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(kept[0] as string), kept[1])
  }
  await keepOne('a')
  expect(await deque.popWait()).toBe('a')
  await redis.client.config('SET', 'maxmemory', 0)

  await keepOne('b')
  await redis.client.config('SET', 'maxmemory', 0)
  await vi.waitFor(async () => expect(await redis.client.lrange('list', 0, -1)).toEqual(['b']), 5_000)
  expect(await deque.pop()).toBe('b')

  await keepOne('c')
  await deque.close()
  expect(warn).toHaveBeenLastCalledWith(expect.stringContaining(lost[0] as string), lost[1])
  await redis.client.config('SET', 'maxmemory', 0)
})

test('all of it runs with the permissions that the README gives', async () => {
  using warn = vi.spyOn(console, 'warn')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, permissions = ''] = /a deque named `names` are\s+`(.*?)`/.exec(readme) ?? []
  await redis.client.acl('SETUSER', 'deque', 'on', '>secret', ...permissions.split(' '))
  const deque = new RedisDeque('names', { url: redis.url.replace('//', '//deque:secret@') })
  await deque.append('c')
  await deque.extendLeft(['b', 'a'])
  expect([await deque.peek(), await deque.peekLeft(), await deque.length()]).toEqual(['c', 'a', 3])
  expect([await deque.pop(), await deque.popLeft(), await deque.popWait()]).toEqual(['c', 'a', 'b'])
  await expect(deque.popLeftWait({ timeout: 1 })).rejects.toThrow(TimeoutError)
  expect([await deque.popMany(1), await deque.popLeftMany(1)]).toEqual([[], []])
  await deque.clear()
  await deque.close()
  expect(warn).not.toHaveBeenCalled()
  await redis.client.acl('DELUSER', 'deque')
})

test('closing ends waits and refuses calls', async () => {
  const deque = new RedisDeque('list', { url: redis.url })
  const waiting = deque.popWait()
  await redis.blocked(1)
  const refused = expect(waiting).rejects.toThrow(QueueClosedError)
  await deque.close()
  await refused
  await expect(deque.pop()).rejects.toThrow('the deque is closed')
  await expect(deque.append('a')).rejects.toThrow(QueueClosedError)
  await deque.close()
})

test('bad arguments are refused', async () => {
  expect(() => new RedisDeque('', { url: redis.url })).toThrow("the name must be a string that is not empty, not ''")
  expect(() => new RedisDeque('a\ud800', { url: redis.url })).toThrow('the name must be well-formed text')
  expect(() => new RedisDeque('a'.repeat(65_537), { url: redis.url })).toThrow(RangeError)
  await using deque = new RedisDeque('list', { url: redis.url })
  await expect(deque.popWait({ timeout: Number.NaN })).rejects.toThrow(RangeError)
  await redis.client.set('list', 'no list')
  await expect(deque.pop()).rejects.toThrow('WRONGTYPE')
  await expect(deque.popWait()).rejects.toThrow('WRONGTYPE')
  redis.keep('list')
})
