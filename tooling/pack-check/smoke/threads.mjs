import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Mutex, TimeoutError } from '@fosen/shared-memory'
import { asyncCall, portable, ThreadPool } from '@fosen/thread-async'

const whereIs = asyncCall(import.meta, async function whereIs(name) {
  return { name, threadId }
})

const fail = asyncCall(import.meta, function fail() {
  throw new RangeError('too far', { cause: new TypeError('no number') })
})

const lock = portable(import.meta, function lock(mutex, timeout) {
  mutex.acquireSync(timeout)
  mutex.release()
})

export async function useThreads() {
  const answer = await whereIs('Ann')
  assert.equal(answer.name, 'Ann')
  assert.notEqual(answer.threadId, threadId)

  await assert.rejects(
    async () => fail(),
    error => error instanceof RangeError && error.message === 'too far' && error.cause instanceof TypeError,
  )

  const mutex = new Mutex()
  const pool = new ThreadPool({ max: 1 })
  await mutex.acquire()
  await assert.rejects(async () => pool.submit(lock, mutex, 0), TimeoutError)
  const waiting = pool.submit(lock, mutex)
  mutex.release()
  await waiting
  await pool.shutdown()
  assert.equal(mutex.locked(), false)
}
