import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { RedisConnectionError, RedisDeque, RedisQueue } from '@fosen/queue-redis'

export async function useRedis() {
  const scripts = readdirSync(new URL('scripts/', import.meta.resolve('@fosen/queue-redis')))
  assert.ok(scripts.includes('put.lua') && scripts.includes('take.lua'), `the Lua scripts are ${scripts}`)

  const url = `redis://127.0.0.1:${await deadPort()}`
  const isClear = error => error instanceof RedisConnectionError && error.message.includes(url)
  const queue = new RedisQueue('names', { url })
  await assert.rejects(queue.put('Ann'), isClear)
  await queue.close()
  const deque = new RedisDeque('names', { url })
  await assert.rejects(deque.append('Ann'), isClear)
  await deque.close()
}

/** A port where nothing listens. */
async function deadPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
