import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Mutex, TimeoutError } from '@fosen/shared-memory'
import { asyncCall, currentCall, portable, Thread, ThreadPool, WorkerCrashedError } from '@fosen/thread-async'

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

const spin = portable(import.meta, function spin() {
  while (!currentCall().cancelled);
})

const count = portable(import.meta, function* count(end) {
  for (let i = 0; i < end; i++) yield i
})

const exit = portable(import.meta, function exit() {
  process.exit(3)
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
  assert.equal(mutex.locked(), false)

  // Blocking: the event loop of this thread stands still, and the death of a thread is seen all the same.
  assert.equal(whereIs('Bo').result().name, 'Bo')
  assert.throws(() => pool.with({ timeout: 20 }).submit(spin).result(), TimeoutError)
  assert.throws(() => pool.submit(exit).result(10_000), WorkerCrashedError)
  assert.deepEqual([...pool.submit(count, 100)].length, 100)
  let seen = 0
  for await (const value of pool.submit(count, 1e9)) {
    assert.equal(value, seen)
    if (++seen === 50) break
  }
  await pool.shutdown()

  const thread = new Thread({ target: lock, args: [mutex] })
  thread.start()
  assert.equal(thread.joinSync(10_000), true)
  await thread.join()
}
