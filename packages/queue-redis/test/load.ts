import { setTimeout } from 'node:timers/promises'
import { type Consumer, consume } from '@fosen/queue'
import type { RedisQueue } from '../src/index.ts'

export interface Load {
  /** How often each number was handled. */
  readonly handled: ReadonlyMap<number, number>
  readonly consumer: Consumer<number>
  /** Resolves when everything was put, and is done. */
  readonly done: Promise<void>
}

/** Puts numbers into one queue, one after the other, and has them handled by a consumer of another. */
export function startLoad(producer: RedisQueue<number>, queue: RedisQueue<number>, count: number): Load {
  const handled = new Map<number, number>()
  const handle = async (number: number) => {
    await setTimeout(1)
    handled.set(number, (handled.get(number) ?? 0) + 1)
  }
  const consumer = consume(queue, handle, { concurrency: 10, backoff: () => 0, retries: 10, onError() {} })
  const put = async () => {
    for (let number = 0; number < count; number++) await producer.put(number)
    await producer.join()
  }
  return { handled, consumer, done: put() }
}

/** Does something again and again until the promise has settled. */
export async function meanwhile(promise: Promise<unknown>, ms: number, harm: () => unknown): Promise<void> {
  let isDone = false
  const end = () => {
    isDone = true
  }
  promise.then(end, end)
  while (!isDone) {
    await setTimeout(ms)
    await harm()
  }
  await promise
}

/** Has a process stand still for a while. */
export async function standStill(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await setTimeout(ms)
  process.kill(pid, 'SIGCONT')
}
