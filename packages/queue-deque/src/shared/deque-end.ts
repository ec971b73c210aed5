import { inspect } from 'node:util'
import { checkCount, checkDuration, checkWaitOptions, type WaitOptions } from '@fosen/queue'
import { DequeClosedError } from '../errors.ts'
import { type AsyncWaits, type Attempt, none, timedOut } from './async-waits.ts'
import { wordsInRing } from './byte-ring.ts'
import type { DequeMemory } from './deque-memory.ts'
import { type Frames, giveBack, takeFrames } from './frames.ts'
import { ITEMS, Place, ROOM } from './wait-places.ts'

/** Milliseconds after which a blocked thread looks whether or not it was woken: who was to wake it may have died. */
const slice = 25

/** The promises of this thread that wait for items of the deque, and those that wait for room, whichever end they are for. */
interface Waits {
  readonly consumers: AsyncWaits
  readonly producers: AsyncWaits
}

/** One end of a SharedDeque: what is appended at it and popped from it, at once, with a promise, or blocking the thread. */
export class DequeEnd<T> {
  readonly #memory: DequeMemory
  readonly #waits: Waits
  readonly #isLeft: boolean

  constructor(memory: DequeMemory, waits: Waits, isLeft: boolean) {
    this.#memory = memory
    this.#waits = waits
    this.#isLeft = isLeft
  }

  push(value: T): boolean {
    const frames = takeFrames()
    try {
      this.#encode(value, frames)
      return this.#memory.push(frames, this.#isLeft) > 0
    } finally {
      giveBack(frames)
    }
  }

  pushMany(values: readonly T[]): number {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    const frames = takeFrames()
    try {
      let bytes = 0
      for (const value of values) {
        bytes += this.#encode(value, frames)
        // There can be room for none of the others.
        if (bytes >= this.#memory.capacity) break
      }
      let pushed = this.#memory.push(frames, this.#isLeft)
      for (let more = pushed > 0; more && frames.at < frames.end; ) {
        const count = this.#pushUnlessClosed(frames)
        pushed += count
        more = count > 0
      }
      return pushed
    } finally {
      giveBack(frames)
    }
  }

  pushWait(value: T, options: WaitOptions = {}): Promise<void> {
    const frames = takeFrames()
    const { producers } = this.#waits
    try {
      checkWaitOptions(options)
      this.#encode(value, frames)
      const isNext = producers.isEmpty && !options.signal?.aborted
      if (isNext && this.#memory.push(frames, this.#isLeft) > 0) return Promise.resolve()
      const kept = frames.copy()
      const attempt: Attempt = place => (this.#memory.push(kept, this.#isLeft, place) > 0 ? undefined : none)
      return producers.wait(attempt, options)
    } catch (error) {
      return Promise.reject(error)
    } finally {
      giveBack(frames)
    }
  }

  pushWaitSync(value: T, timeout = Number.POSITIVE_INFINITY): void {
    checkDuration('timeout', timeout, Number.POSITIVE_INFINITY)
    const frames = takeFrames()
    try {
      this.#encode(value, frames)
      const place = new Place(ROOM, false)
      this.#block(place, () => this.#memory.push(frames, this.#isLeft, place) > 0, timeout)
    } finally {
      giveBack(frames)
    }
  }

  pop(): T | undefined {
    const frames = takeFrames()
    try {
      return this.#memory.pop(1, this.#isLeft, frames) > 0 ? (frames.take() as T) : undefined
    } finally {
      giveBack(frames)
    }
  }

  popMany(max: number): T[] {
    checkCount('max', max)
    const frames = takeFrames()
    const values: T[] = []
    try {
      for (let more = true; more; ) {
        frames.clear()
        const count = this.#memory.pop(max - values.length, this.#isLeft, frames)
        for (let i = 0; i < count; i++) values.push(frames.take() as T)
        more = count > 0 && values.length < max
      }
      return values
    } finally {
      giveBack(frames)
    }
  }

  popWait(options: WaitOptions = {}): Promise<T> {
    const { consumers } = this.#waits
    const attempt: Attempt = place => {
      const frames = takeFrames()
      try {
        return this.#memory.pop(1, this.#isLeft, frames, place) > 0 ? frames.take() : none
      } finally {
        giveBack(frames)
      }
    }
    try {
      checkWaitOptions(options)
      const isNext = consumers.isEmpty && !options.signal?.aborted
      const item = isNext ? attempt() : none
      return item === none ? consumers.wait(attempt, options) : Promise.resolve(item as T)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  popWaitSync(timeout = Number.POSITIVE_INFINITY): T {
    checkDuration('timeout', timeout, Number.POSITIVE_INFINITY)
    const frames = takeFrames()
    try {
      const place = new Place(ITEMS, false)
      this.#block(place, () => this.#memory.pop(1, this.#isLeft, frames, place) > 0, timeout)
      return frames.take() as T
    } finally {
      giveBack(frames)
    }
  }

  #pushUnlessClosed(frames: Frames): number {
    try {
      return this.#memory.push(frames, this.#isLeft)
    } catch (error) {
      if (error instanceof DequeClosedError) return 0
      throw error
    }
  }

  /** Blocks until an attempt succeeds. Each that is in vain has the place wait. */
  #block(place: Place, attempt: () => boolean, timeout: number) {
    if (attempt()) return
    const { parker, places } = this.#memory
    let nextLook: number | undefined
    const until = () => {
      if (places.isWoken(place)) return attempt()
      const now = performance.now()
      nextLook ??= now + slice
      if (now < nextLook) return false
      nextLook = now + slice
      return attempt()
    }
    try {
      if (!parker.park(until, timeout)) throw timedOut(timeout)
    } finally {
      this.#memory.leave(place)
    }
  }

  /** Adds the value to the list; gives how many bytes of the deque it will take. */
  #encode(value: T, frames: Frames): number {
    const before = frames.end
    frames.add(value)
    const bytes = 4 * wordsInRing(frames.end - before)
    const { capacity } = this.#memory
    if (bytes > capacity) throw new RangeError(`the value takes ${bytes} bytes, and the deque has ${capacity}`)
    return bytes
  }
}
