import { setImmediate as turn } from 'node:timers/promises'
import { type ConsumeOptions, type Consumer, consume, type Delivery, jsonCodec, type Priority } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { expect, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'
import { seededRandom } from './fixtures/random.ts'

const seeds = Array.from({ length: 150 }, (_, index) => index + 1)

/** A queue, its producers and its consumers, which do what a seed says. */
class Program {
  readonly clock = new ManualClock()
  readonly queue: DequeQueue<string>
  /** What was put, and what was acked, as often as it was. */
  readonly put: string[] = []
  readonly done: string[] = []
  readonly #random: () => number
  readonly #consumers: Consumer<string>[] = []
  readonly #ending: Promise<unknown>[] = []
  readonly #held: (() => void)[] = []

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.queue = new DequeQueue<string>({
      clock: this.clock,
      capacity: this.#sometimes(() => 1 + this.#below(5)),
      partitions: this.#sometimes(() => 1 + this.#below(3)),
      lease: this.#sometimes(() => 20 + this.#below(60)),
      codec: this.#sometimes(() => jsonCodec<string>()),
    })
  }

  async step() {
    const { queue, clock } = this
    const steps: (() => unknown)[] = [
      () => this.#ending.push(queue.put(this.#name(), this.#putOptions())),
      () => this.#ending.push(queue.putMany(Array.from({ length: this.#below(6) }, this.#name), this.#putOptions())),
      () => this.#consumers.length < 3 && this.#consumers.push(this.#consume()),
      () => this.#ending.push(...this.#consumers.splice(this.#below(3), 1).map(consumer => this.#stop(consumer))),
      () => this.#consumers[this.#below(3)]?.pause(),
      () => this.#consumers[this.#below(3)]?.resume(),
      () => this.#ending.push(this.#below(2) === 0 ? queue.pause() : queue.resume()),
      () => clock.advance(this.#below(60)),
      () => this.#letGo(),
      () => turn(),
      () => turn(),
    ]
    await steps[this.#below(steps.length)]?.()
  }

  /** Has all that waits go on, until every message is done, and nothing is left behind. */
  async end() {
    await this.queue.resume()
    for (const consumer of this.#consumers) consumer.resume()
    this.#consumers.push(this.#consumeAll())
    await this.#until(Promise.all(this.#ending))
    await this.#until(this.queue.join())
    await this.#until(Promise.all(this.#consumers.map(consumer => consumer.stop())))
    await this.queue.close()
  }

  /** A consumer that does what it is there for. */
  #consumeAll() {
    return consume(this.queue, (value, delivery) => this.#finish(value, delivery), {
      retries: Infinity,
      clock: this.clock,
    })
  }

  /** A consumer of any kind. */
  #consume() {
    const options: ConsumeOptions<string> = {
      concurrency: 1 + this.#below(4),
      prefetch: this.#sometimes(() => this.#below(5)),
      key: this.#sometimes(() => (value: string) => value[1]),
      rate: this.#sometimes(() => ({ limit: 1 + this.#below(5), per: 20 })),
      timeout: this.#sometimes(() => 10 + this.#below(40)),
      grace: 20,
      retries: Infinity,
      backoff: () => this.#below(30),
      onError: () => {},
      clock: this.clock,
    }
    if (this.#below(3) > 0) return consume(this.queue, this.#handle, { ...options, batch: undefined })
    const batch = { size: 1 + this.#below(4), linger: this.#below(50) }
    const handle = async (values: string[], deliveries: Delivery<string>[]) => {
      for (const [i, delivery] of deliveries.entries()) await this.#handle(values[i] as string, delivery)
    }
    return consume(this.queue, handle, { ...options, batch })
  }

  readonly #handle = async (value: string, delivery: Delivery<string>) => {
    const ways: (() => unknown)[] = [
      () => this.#finish(value, delivery),
      () => turn().then(() => this.#finish(value, delivery)),
      () => this.#hold(delivery.signal).then(() => this.#finish(value, delivery)),
      () => Promise.reject(new Error('it failed')),
      () => delivery.retry({ delay: this.#below(20) }),
      () => delivery.release(),
    ]
    await ways[this.#below(ways.length)]?.()
  }

  async #finish(value: string, delivery: Delivery<string>) {
    if (delivery.signal.aborted) return
    delivery.ack()
    if (await delivery.settled) this.done.push(value)
  }

  #stop(consumer: Consumer<string>) {
    return consumer.stop(this.#below(2) === 0 ? { deadline: this.#below(30) } : {})
  }

  /** Waits until it is let go, or has not to go on. */
  async #hold(signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held.push(resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
  }

  #letGo() {
    for (const resolve of this.#held.splice(0)) resolve()
  }

  /** Lets time pass until a promise is fulfilled. */
  async #until(promise: Promise<unknown>) {
    let isPending = true
    promise.finally(() => {
      isPending = false
    })
    for (let rounds = 0; isPending; rounds++) {
      expect(rounds, 'somebody waits in vain').toBeLessThan(1_000)
      this.clock.advance(20)
      this.#letGo()
      await turn()
    }
    await promise
  }

  readonly #name = () => {
    const name = `m${this.put.length}`
    this.put.push(name)
    return name
  }

  #putOptions() {
    return {
      delay: this.#sometimes(() => this.#below(50)),
      priority: this.#below(4) as Priority,
      partitionKey: this.#sometimes(() => `key ${this.#below(5)}`),
    }
  }

  #below(limit: number) {
    return Math.floor(this.#random() * limit)
  }

  #sometimes<T>(value: () => T): T | undefined {
    return this.#random() < 0.3 ? value() : undefined
  }
}

test.for(seeds)('whatever consumers of all kinds do, each message is done, and once (seed %i)', async seed => {
  const program = new Program(seed)
  for (let step = 0; step < 60; step++) await program.step()
  await program.end()
  expect(program.done.toSorted()).toEqual(program.put.toSorted())
  expect(program.clock.pending).toBe(0)
})
