import { Alarm } from './alarm.ts'
import type { Backlog, Work } from './backlog.ts'
import type { BaseDelivery } from './base-delivery.ts'
import type { Clock } from './clock.ts'
import { Fifo } from './fifo.ts'

export interface BatchOptions {
  /** How many messages a handler is given at most. */
  readonly size: number
  /** For how many milliseconds the first message of a batch may wait for others; 0 by default: what is there is a batch. */
  readonly linger?: number | undefined
}

export interface KeyedBacklogOptions<T> {
  readonly batch: BatchOptions | undefined
  readonly key: ((value: T) => unknown) | undefined
  /** How many pieces of work with one key may be handled at a time. */
  readonly concurrencyPerKey: number
}

/**
 * Messages that are handled by their keys, or in batches.
 *
 * Those with one key are in one lane, and those without are in another together. A lane has work to do when something
 * waits in it that makes a message or a batch, and not too much of it is being handled. Then, and only then, it stands in
 * the line; it goes to the line's end with each piece of work, so that keys take turns.
 */
export class KeyedBacklog<T> implements Backlog<T> {
  readonly #size: number
  readonly #linger: number
  readonly #options: KeyedBacklogOptions<T>
  readonly #clock: Clock
  readonly #alarm: Alarm
  readonly #line = new Fifo<Lane<T>>()
  readonly #lanes = new Map<unknown, Lane<T>>()
  /** All that waits, in the order it came. */
  readonly #waiting = new Set<BaseDelivery<T>>()
  readonly #begun = new Map<Work<T>, Lane<T>>()

  /** @param onWork is called when a batch has waited long enough */
  constructor(options: KeyedBacklogOptions<T>, clock: Clock, onWork: () => void) {
    this.#options = options
    this.#size = options.batch?.size ?? 1
    this.#linger = options.batch?.linger ?? 0
    this.#clock = clock
    this.#alarm = new Alarm(clock, () => {
      for (const lane of this.#lanes.values()) this.#lineUp(lane)
      onWork()
    })
  }

  get length(): number {
    return this.#waiting.size
  }

  get hasWork(): boolean {
    return this.#line.length > 0
  }

  add(delivery: BaseDelivery<T>): void {
    const lane = this.#laneOf(this.#options.key?.(delivery.value))
    this.#waiting.add(delivery)
    lane.waiting.push(delivery)
    if (this.#linger > 0) lane.since.push(this.#clock.now())
    this.#lineUp(lane)
  }

  begin(): Work<T> {
    const lane = this.#line.shift() as Lane<T>
    const taken = lane.take(this.#size)
    for (const delivery of taken) this.#waiting.delete(delivery)
    const work = this.#options.batch === undefined ? (taken[0] as BaseDelivery<T>) : taken
    this.#begun.set(work, lane)
    lane.running++
    lane.isLined = false
    this.#lineUp(lane)
    return work
  }

  end(work: Work<T>): void {
    const lane = this.#begun.get(work) as Lane<T>
    this.#begun.delete(work)
    lane.running--
    this.#lineUp(lane)
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(lane.key)
  }

  clear(): BaseDelivery<T>[] {
    const cleared = [...this.#waiting]
    for (const lane of this.#lanes.values()) {
      lane.clear()
      if (lane.running === 0) this.#lanes.delete(lane.key)
    }
    this.#waiting.clear()
    this.#line.clear()
    this.#alarm.set(Infinity)
    return cleared
  }

  #laneOf(key: unknown) {
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new Lane(key, key === undefined ? Infinity : this.#options.concurrencyPerKey)
      this.#lanes.set(key, lane)
    }
    return lane
  }

  #lineUp(lane: Lane<T>) {
    const { length } = lane.waiting
    if (lane.isLined || length === 0 || lane.running >= lane.concurrency) return
    if (this.#linger > 0 && length < this.#size) {
      const end = (lane.since.first as number) + this.#linger
      if (end > this.#clock.now()) {
        this.#alarm.set(Math.min(end, this.#alarm.time))
        return
      }
    }
    lane.isLined = true
    this.#line.push(lane)
  }
}

/** Messages that wait for a handler, in the order they came: those with one key, or those without. */
class Lane<T> {
  readonly key: unknown
  /** How many pieces of work of this lane may be handled at a time. */
  readonly concurrency: number
  readonly waiting = new Fifo<BaseDelivery<T>>()
  /** When each of those that wait came; empty where nobody asks. */
  readonly since = new Fifo<number>()
  /** How many pieces of work of this lane are being handled. */
  running = 0
  /** Whether it stands in the line of lanes that have work to do. */
  isLined = false

  constructor(key: unknown, concurrency: number) {
    this.key = key
    this.concurrency = concurrency
  }

  /** Removes and gives the first of those that wait, `most` at most. */
  take(most: number): BaseDelivery<T>[] {
    const taken: BaseDelivery<T>[] = []
    while (taken.length < most && this.waiting.length > 0) {
      taken.push(this.waiting.shift() as BaseDelivery<T>)
      this.since.shift()
    }
    return taken
  }

  /** Drops what waits. */
  clear(): void {
    this.waiting.clear()
    this.since.clear()
    this.isLined = false
  }
}
