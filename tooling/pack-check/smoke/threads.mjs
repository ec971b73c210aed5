import assert from 'node:assert/strict'
import { threadId } from 'node:worker_threads'
import { Mutex, TimeoutError } from '@fosen/shared-memory'
import {
  asyncCall,
  CancelledError,
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

const spinFor = portable(import.meta, function spinFor(milliseconds) {
  for (const end = Date.now() + milliseconds; Date.now() < end; );
  return milliseconds
})

const hang = portable(import.meta, function hang() {
  for (;;);
})

const count = portable(import.meta, function* count(end) {
  for (let i = 0; i < end; i++) yield i
})

const exit = portable(import.meta, function exit() {
  process.exit(3)
})

// Not even where this module is in a bundle with the program.
if (import.meta.main) throw new Error('a module of the program runs as the program')

export async function useCalls() {
  const answer = await whereIs('Ann')
  assert.equal(answer.name, 'Ann')
  assert.notEqual(answer.threadId, threadId)

  const bytes = new Uint8Array(2)
  assert.deepEqual(await fill(transfer(bytes, [bytes.buffer])), { bytes: new Uint8Array([7, 7]) })
  assert.equal(bytes.length, 0)

  const pool = new ThreadPool({ max: 1 })
  await pool.submit(spinFor, 1)
  assert.equal(pool.stats().threads.length, 1)
  await pool.shutdown()
}

export async function useErrors() {
  await assert.rejects(
    async () => fail(),
    error => error instanceof RangeError && error.message === 'too far' && error.cause instanceof TypeError,
  )
  const error = await exceed().then(null, error => error)
  assert.ok(error instanceof QuotaError)
  assert.equal(error.double(), 10)
  const uncloneable = {
    name: 'DataCloneError',
    message: /^argument 1 of whereIs could not be cloned: \.f is a function$/,
  }
  await assert.rejects(async () => whereIs({ f() {} }), uncloneable)
}

export async function useCallerStacks() {
  const { stack } = await (async () => await fail())().then(null, error => error)
  const trace = /\n {4}at async ThreadFuture \(thread of the caller\)\n {4}at async /
  assert.match(stack, trace, 'the stack ends in the thread')
}

export async function useBlockingResults() {
  // The event loop of this thread stands still.
  assert.equal(whereIs('Bo').result().name, 'Bo')
  const pool = new ThreadPool({ max: 1 })
  assert.throws(() => pool.with({ timeout: 20 }).submit(spin).result(), TimeoutError)
  assert.deepEqual([...pool.submit(count, 100)].length, 100)
  await pool.shutdown()

  const thread = new Thread({ target: spinFor, args: [1] })
  thread.start()
  assert.equal(thread.joinSync(10_000), true)
  await thread.join()
}

export async function useStreams() {
  const pool = new ThreadPool({ max: 1 })
  let seen = 0
  for await (const value of pool.submit(count, 1e9)) {
    assert.equal(value, seen)
    if (++seen === 50) break
  }
  await pool.shutdown()
}

export async function useCancellation() {
  const pool = new ThreadPool({ max: 1 })
  const call = pool.submit(spin)
  call.cancel()
  await assert.rejects(async () => await call, CancelledError)
  await assert.rejects(async () => await pool.with({ timeout: 20, grace: 20 }).submit(hang), TimeoutError)
  assert.equal(await pool.submit(spinFor, 1), 1)
  await pool.shutdown()
}

export async function useThreadDeaths() {
  const pool = new ThreadPool({ max: 1 })
  await assert.rejects(async () => await pool.submit(exit), WorkerCrashedError)
  assert.equal(await pool.submit(spinFor, 1), 1)
  await pool.shutdown()
}

export async function useThreadDeathsWhileBlocked() {
  const pool = new ThreadPool({ max: 1 })
  try {
    pool.submit(exit).result(3_000)
  } catch (error) {
    assert.ok(error instanceof WorkerCrashedError, 'it is not seen before the wait has timed out')
  }
  await pool.shutdown()
}

export async function useMutexes() {
  const mutex = new Mutex()
  const pool = new ThreadPool({ max: 1 })
  await mutex.acquire()
  await assert.rejects(async () => pool.submit(lock, mutex, 0), TimeoutError)
  const waiting = pool.submit(lock, mutex)
  mutex.release()
  await waiting
  assert.equal(mutex.locked(), false)
  await pool.shutdown()
}
