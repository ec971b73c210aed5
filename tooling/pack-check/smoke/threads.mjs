import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Mutex, TimeoutError } from '@fosen/shared-memory'
import {
  asyncCall,
  currentCall,
  errorClass,
  portable,
  Thread,
  ThreadPool,
  transfer,
  WorkerCrashedError,
} from '@fosen/thread-async'

const whereIs = asyncCall(import.meta, async function whereIs(name) {
  return { name, threadId }
})

const fail = asyncCall(import.meta, function fail() {
  throw new RangeError('too far', { cause: new TypeError('no number') })
})

class QuotaError extends Error {
  static {
    errorClass(QuotaError, 'smoke.QuotaError')
  }
  limit = 5
  double() {
    return 2 * this.limit
  }
}

const exceed = asyncCall(import.meta, function exceed() {
  throw new QuotaError('too much')
})

const fill = asyncCall(import.meta, function fill(bytes) {
  bytes.fill(7)
  return transfer({ bytes }, [bytes.buffer])
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

// Not even where this module is in a bundle with the program.
if (import.meta.main) throw new Error('a module of the program runs as the program')

export async function useThreads() {
  const answer = await whereIs('Ann')
  assert.equal(answer.name, 'Ann')
  assert.notEqual(answer.threadId, threadId)

  await assert.rejects(
    async () => fail(),
    error => error instanceof RangeError && error.message === 'too far' && error.cause instanceof TypeError,
  )

  const error = await exceed().then(null, error => error)
  assert.ok(error instanceof QuotaError)
  assert.equal(error.double(), 10)
  const awaited = await (async () => await fail())().then(null, error => error)
  assert.match(awaited.stack, /\n {4}at async ThreadFuture \(thread of the caller\)\n {4}at async /)

  const bytes = new Uint8Array(2)
  assert.deepEqual(await fill(transfer(bytes, [bytes.buffer])), { bytes: new Uint8Array([7, 7]) })
  assert.equal(bytes.length, 0)
  const uncloneable = {
    name: 'DataCloneError',
    message: /^argument 1 of whereIs could not be cloned: \.f is a function$/,
  }
  await assert.rejects(async () => whereIs({ f() {} }), uncloneable)

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
