import { setTimeout as sleep } from 'node:timers/promises'
import {
  CancelledError,
  type ThreadFuture,
  type ThreadPool,
  TimeoutError,
  WorkerCrashedError,
} from '@fosen/thread-async'
import { awaiting, busy, large, small, streaming, throwing, transferred } from './functions.ts'

/** A call that is under way. */
export interface Made {
  readonly future: ThreadFuture<unknown>
  /** Milliseconds that it may take, from when it runs or is cancelled; Infinity when that is for others to say. */
  readonly due: number
  /** Whether it may end so, besides by the end of its thread. */
  readonly isRight: (end: PromiseSettledResult<unknown>) => boolean
}

const gives = (value: unknown) => (end: PromiseSettledResult<unknown>) =>
  end.status === 'fulfilled' && end.value === value
const failsWith = (is: (error: unknown) => boolean) => (end: PromiseSettledResult<unknown>) =>
  end.status === 'rejected' && is(end.reason)
const either =
  (...ways: Made['isRight'][]): Made['isRight'] =>
  end =>
    ways.some(way => way(end))
export const hasCrashed = failsWith(error => error instanceof WorkerCrashedError)
const isCancelled = failsWith(error => error instanceof CancelledError)

/** How calls are made, by kind. */
export const kinds: { readonly [kind: string]: (pool: ThreadPool, id: number) => Made } = {
  small: (pool, id) => ({ future: pool.submit(small, id), due: Infinity, isRight: gives(2 * id) }),
  large(pool, id) {
    const text = 'x'.repeat(10 ** (6 * Math.random()))
    return { future: pool.submit(large, id, text), due: Infinity, isRight: gives(`${id} ${text}`) }
  },
  transferred(pool, id) {
    const bytes = new Uint8Array(1000)
    const future = pool.with({ transfer: [bytes.buffer] }).submit(transferred, id, bytes)
    return { future, due: Infinity, isRight: gives(1000 + id) }
  },
  awaiting: (pool, id) => ({ future: pool.submit(awaiting, id, 5), due: Infinity, isRight: gives(2 * id) }),
  throwing(pool, id) {
    const isOwn = failsWith(error => error instanceof RangeError && error.message === `of call ${id}`)
    return { future: pool.submit(throwing, id), due: Infinity, isRight: isOwn }
  },
  streaming(pool, id) {
    const count = Math.floor(100 * Math.random())
    const stream = pool.submit(streaming, id, count)
    void readAll(stream, id, count).catch(error => {
      // What the stream's call fails with is seen by its future.
      if (error instanceof WrongValueError) throw error
    })
    return { future: stream.future, due: Infinity, isRight: gives(id) }
  },
  cancelled(pool, id) {
    const future = pool.submit(small, id)
    future.cancel()
    return { future, due: 0, isRight: isCancelled }
  },
  cancelledLater(pool, id) {
    const future = pool.submit(busy, id, 20)
    void sleep(10 * Math.random()).then(() => future.cancel())
    return { future, due: 20, isRight: either(gives(2 * id), isCancelled) }
  },
  aborted(pool, id) {
    const controller = new AbortController()
    const future = pool.with({ signal: controller.signal }).submit(busy, id, 20)
    void sleep(10 * Math.random()).then(() => controller.abort(id))
    return {
      future,
      due: 20,
      isRight: either(
        gives(2 * id),
        failsWith(reason => reason === id),
      ),
    }
  },
  timedOut(pool, id) {
    const future = pool.with({ timeout: 5 }).submit(busy, id, 10_000)
    return { future, due: 5, isRight: failsWith(error => error instanceof TimeoutError) }
  },
}

class WrongValueError extends Error {}

/** @throws WrongValueError when it is not its own values, each once, in order */
async function readAll(stream: AsyncIterable<number>, id: number, count: number) {
  let next = id
  for await (const value of stream) {
    if (value !== next++) throw new WrongValueError(`a stream gave ${value} instead of ${next - 1}`)
  }
  if (next !== id + count) throw new WrongValueError(`a stream gave ${next - id} values of ${count}`)
}
