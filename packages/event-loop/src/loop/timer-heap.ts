import type { Runnable } from './ready-ring.ts'

/** What runs at a time, unless it is cancelled before. */
export interface Timer extends Runnable {
  cancelled(): boolean
  /** For the heap: the one that it is in, which it tells when it is cancelled. */
  heap: TimerHeap | undefined
}

/** How many timers make it worth while to look for cancelled ones. */
const many = 100
/** How many timers there is room for at first. */
const few = 64
/** Of room for more, the heap gives back what it does not need. */
const room = 2 ** 16
/** Children of a node: four, next to each other in memory, make a heap half as deep as two do. */
const arity = 4

/**
 * Timers by time, and by order of setting where times are equal. Cancelled ones leave at the top, or all together when
 * they are more than half of many.
 *
 * The keys of `#timers[i]` are `#keys[2 * i]`, its time, and `#keys[2 * i + 1]`, the count of timers set before it.
 */
export class TimerHeap {
  readonly #timers: Timer[] = []
  #keys = new Float64Array(2 * few)
  #set = 0
  #cancelled = 0
  readonly #onFirstCancelled: () => void

  /** @param onFirstCancelled called when the timer that was waited for is cancelled */
  constructor(onFirstCancelled: () => void = () => {}) {
    this.#onFirstCancelled = onFirstCancelled
  }

  get size(): number {
    return this.#timers.length
  }

  push(timer: Timer, when: number): void {
    timer.heap = this
    this.#insert(timer, when, this.#set++)
  }

  /** The time of the earliest timer that is not cancelled. */
  nextTime(): number | undefined {
    while (this.#timers[0]?.cancelled()) this.#shift()
    return this.#timers.length === 0 ? undefined : this.#keys[0]
  }

  /** Takes the earliest timer, if its time is not after `now`. */
  shiftDue(now: number): Timer | undefined {
    const when = this.nextTime()
    return when === undefined || when > now ? undefined : this.#shift()
  }

  /** For a timer in the heap: it was cancelled. */
  countCancelled(timer: Timer): void {
    this.#cancelled++
    if (timer === this.#timers[0]) this.#onFirstCancelled()
    if (this.#timers.length <= many || this.#cancelled <= this.#timers.length / 2) return
    const timers = this.#timers.splice(0)
    const keys = this.#keys.slice(0, 2 * timers.length)
    this.#cancelled = 0
    for (const [index, timer] of timers.entries()) {
      if (timer.cancelled()) timer.heap = undefined
      else this.#insert(timer, keys[2 * index] as number, keys[2 * index + 1] as number)
    }
  }

  clear(): void {
    for (const timer of this.#timers) timer.heap = undefined
    this.#timers.length = 0
    this.#keys = new Float64Array(2 * few)
    this.#cancelled = 0
  }

  #insert(timer: Timer, when: number, sequence: number) {
    let index = this.#timers.push(timer) - 1
    if (2 * index >= this.#keys.length) this.#resize(2 * this.#keys.length)
    while (index > 0) {
      const parent = Math.floor((index - 1) / arity)
      if (!this.#isAfter(parent, when, sequence)) break
      this.#move(parent, index)
      index = parent
    }
    this.#put(timer, when, sequence, index)
  }

  #shift(): Timer | undefined {
    const timers = this.#timers
    const [first] = timers
    const last = timers.pop()
    if (!first || !last) return undefined
    first.heap = undefined
    if (first.cancelled()) this.#cancelled--
    const size = timers.length
    if (size === 0) {
      this.#shrink(1)
      return first
    }
    const when = this.#keys[2 * size] as number
    const sequence = this.#keys[2 * size + 1] as number
    let index = 0
    for (let child = 1; child < size; child = arity * index + 1) {
      const end = Math.min(child + arity, size)
      let least = child
      for (let other = child + 1; other < end; other++) {
        if (this.#isAfter(least, this.#keys[2 * other] as number, this.#keys[2 * other + 1] as number)) least = other
      }
      if (this.#isAfter(least, when, sequence)) break
      this.#move(least, index)
      index = least
    }
    this.#put(last, when, sequence, index)
    this.#shrink(size)
    return first
  }

  #isAfter(index: number, when: number, sequence: number): boolean {
    const key = this.#keys[2 * index] as number
    return key > when || (key === when && (this.#keys[2 * index + 1] as number) > sequence)
  }

  #move(from: number, to: number) {
    this.#timers[to] = this.#timers[from] as Timer
    this.#keys[2 * to] = this.#keys[2 * from] as number
    this.#keys[2 * to + 1] = this.#keys[2 * from + 1] as number
  }

  #put(timer: Timer, when: number, sequence: number, index: number) {
    this.#timers[index] = timer
    this.#keys[2 * index] = when
    this.#keys[2 * index + 1] = sequence
  }

  /** At an eighth of the room: neither this nor the growth that may follow comes often. */
  #shrink(size: number) {
    if (this.#keys.length > 2 * room && 16 * size < this.#keys.length) this.#resize(this.#keys.length / 4)
  }

  #resize(length: number) {
    const keys = new Float64Array(length)
    keys.set(this.#keys.subarray(0, length))
    this.#keys = keys
  }
}
