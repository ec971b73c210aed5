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

export interface Vitals {
  readonly ping: () => Promise<unknown>
  /** Milliseconds that Redis may take to answer. */
  readonly timeout: number
  /** How many milliseconds ago each heartbeat last reached Redis. */
  readonly beats: readonly number[]
  readonly lease: number
}

/** Heartbeats come once a second, or three times in a lease. */
const longestBeat = 2_000

export const closedHealth: RedisQueueHealth = {
  isHealthy: false,
  latency: undefined,
  sinceHeartbeat: undefined,
  problems: ['the queue is closed'],
}

export async function healthOf({ ping, timeout, beats, lease }: Vitals): Promise<RedisQueueHealth> {
  const latency = await latencyOf(ping, timeout)
  const sinceHeartbeat = beats.length === 0 ? undefined : Math.max(...beats)
  const problems: string[] = []
  if (typeof latency !== 'number') problems.push(latency.message)
  if (sinceHeartbeat !== undefined && sinceHeartbeat > Math.max(lease, longestBeat)) {
    problems.push(`the heartbeat has not reached Redis for ${Math.round(sinceHeartbeat)} ms`)
  }
  return {
    isHealthy: problems.length === 0,
    latency: typeof latency === 'number' ? latency : undefined,
    sinceHeartbeat,
    problems,
  }
}

/** Milliseconds that an answer takes, or why there is none within the time. */
async function latencyOf(ping: () => Promise<unknown>, timeout: number): Promise<number | Error> {
  const { promise, resolve } = Promise.withResolvers<Error>()
  using _ = systemClock.after(timeout, () => resolve(new Error(`Redis has not answered within ${timeout} ms`)))
  const start = performance.now()
  const answered = ping().then(
    () => performance.now() - start,
    (error: Error) => error,
  )
  return await Promise.race([answered, promise])
}
