import { systemClock } from '@fosen/queue'

/** What a probe wants to know of a queue. */
export interface RedisQueueHealth {
  /** Whether Redis answers, and the leases that are held are extended. */
  readonly isHealthy: boolean
  /** How many milliseconds Redis took to answer; undefined when it did not in time. */
  readonly latency: number | undefined
  /** How many milliseconds ago the heartbeat last reached Redis; undefined before it has, and while nothing was taken yet. */
  readonly sinceHeartbeat: number | undefined
  /** What is wrong. */
  readonly problems: readonly string[]
}

/** Milliseconds that an answer takes, or why there is none within the time. */
export async function latencyOf(ping: () => Promise<unknown>, timeout: number): Promise<number | Error> {
  const { promise, resolve } = Promise.withResolvers<Error>()
  using _ = systemClock.after(timeout, () => resolve(new Error(`Redis has not answered within ${timeout} ms`)))
  const start = performance.now()
  const answered = ping().then(
    () => performance.now() - start,
    (error: Error) => error,
  )
  return await Promise.race([answered, promise])
}
