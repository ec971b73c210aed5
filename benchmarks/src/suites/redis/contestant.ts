import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { quantile } from '../../compare.ts'
import { Timed, type Untimed } from '../../workload.ts'
import { ConsumerProcesses } from './queues/consumer-processes.ts'
import type { JobQueue } from './queues/library.ts'
import { serverCpu, storedBytes } from './server-usage.ts'

/** How many messages are put with a call where there are many. */
export const chunk = 1_000
/** How many messages a consumer handles at a time. */
export const concurrency = 100
/** How long a consumer has to fall idle, in milliseconds. */
const rest = 8

/** What is done with a queue; each gives how many messages there were, as the queue or their values say. */
export class Contestant implements AsyncDisposable {
  readonly queue: JobQueue
  readonly #admin: Redis
  readonly #processes: ConsumerProcesses

  constructor(queue: JobQueue) {
    this.queue = queue
    this.#admin = new Redis(queue.url)
    this.#processes = new ConsumerProcesses(queue.name, queue.url, concurrency)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes.close()
    await this.queue.close()
    this.#admin.disconnect()
  }

  async putMany(count: number, untimed: Untimed): Promise<number> {
    await untimed(() => this.#admin.flushdb())
    await this.#fill(valuesOf(count, 32))
    return untimed(() => this.queue.waiting())
  }

  async put(count: number, inFlight: number, untimed: Untimed): Promise<number> {
    await untimed(() => this.#admin.flushdb())
    const values = valuesOf(count, 32).values()
    const putter = async () => {
      for (const value of values) await this.queue.put(value)
    }
    await Promise.all(Array.from({ length: inFlight }, putter))
    return untimed(() => this.queue.waiting())
  }

  async handle(count: number, size: number, untimed: Untimed): Promise<number> {
    const consumer = await untimed(() => this.#filled(count, size))
    const handled = new Set<string>()
    await consumer.handle(count, async value => void handled.add(value))
    return untimed(async () => {
      await consumer.close()
      return handled.size
    })
  }

  /** Each message when the consumer of the last has fallen idle. */
  async deliver(count: number): Promise<Timed> {
    await this.#admin.flushdb()
    const consumer = await this.queue.consumer(concurrency)
    const times: number[] = []
    let onHandled = () => {}
    const handled = consumer.handle(count, async () => onHandled())
    for (const value of valuesOf(count, 32)) {
      await setTimeout(rest)
      const { promise, resolve } = Promise.withResolvers<void>()
      const start = performance.now()
      onHandled = () => {
        times.push(performance.now() - start)
        resolve()
      }
      await this.queue.put(value)
      await promise
    }
    await handled
    await consumer.close()
    return new Timed(times.length, quantile(times, 0.5))
  }

  async clientCpu(count: number, untimed: Untimed): Promise<Timed> {
    return this.#taking(count, untimed, async () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    })
  }

  async serverCpu(count: number, untimed: Untimed): Promise<Timed> {
    return this.#taking(count, untimed, () => serverCpu(this.#admin))
  }

  async handleElsewhere(count: number, processes: number, untimed: Untimed): Promise<number> {
    await untimed(async () => {
      await this.#admin.flushdb()
      await this.#fill(valuesOf(count, 32))
      await this.#processes.connect(processes)
    })
    await this.#processes.handle(processes, count)
    return untimed(async () => {
      await this.#processes.stop(processes)
      return count - (await this.queue.waiting())
    })
  }

  /** What Redis holds for each message that is ready. */
  async bytesWaiting(count: number): Promise<number> {
    await this.#admin.flushdb()
    const before = await storedBytes(this.#admin)
    await this.#fill(valuesOf(count, 32))
    return ((await storedBytes(this.#admin)) - before) / count
  }

  async bytesInFlight(count: number): Promise<number> {
    await this.#admin.flushdb()
    const before = await storedBytes(this.#admin)
    await this.#fill(valuesOf(count, 32))
    const after = await this.queue.holding(count, () => storedBytes(this.#admin))
    return (after - before) / count
  }

  async #taking(count: number, untimed: Untimed, used: () => Promise<number>): Promise<Timed> {
    const consumer = await untimed(() => this.#filled(count, 32))
    const handled = new Set<string>()
    const before = await used()
    await consumer.handle(count, async value => void handled.add(value))
    const after = await used()
    await consumer.close()
    return new Timed(handled.size, after - before)
  }

  async #filled(count: number, size: number) {
    await this.#admin.flushdb()
    await this.#fill(valuesOf(count, size))
    return this.queue.consumer(concurrency)
  }

  async #fill(values: readonly string[]) {
    for (let first = 0; first < values.length; first += chunk) {
      await this.queue.putMany(values.slice(first, first + chunk))
    }
  }
}

/** Numbered values that have so many bytes as JSON. */
function valuesOf(count: number, bytes: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index).padStart(bytes - 2, '0'))
}
