import { SpinBudget } from '@fosen/shared-memory'
import type { CallMemory } from '../ring/call-memory.ts'
import type { ThreadCells } from '../ring/thread-cells.ts'

/** Milliseconds, about, that it takes to wake another thread: calls that this one will have run by then need no other. */
const wakeUp = 0.1

/**
 * Milliseconds that the thread sleeps where it is woken sooner than in its event loop, which has to wait meanwhile. Less than
 * the tick of the system, about 4, would have it set a timer each time, which takes as long as a small call.
 */
const doze = 5

/** Milliseconds after which the event loop gets a turn, however many calls wait. */
const turn = 5

export interface PullEvents {
  /** Runs the call of the slot, which has its place, to the end or its first wait; never throws. */
  readonly run: (slot: number) => void
  /** Gives back a place that no call was found for. */
  readonly givePlace: () => void
  /** Sees to the next message that has arrived; false when there is none. */
  readonly receive: () => boolean
}

/** In the place of a slot. */
const [none, message] = [-1, -2]

const resolved = Promise.resolve()

/**
 * Takes the calls that wait in the pool's memory, one after the other, as long as this thread has a place for one.
 *
 * What a call leaves to the microtask queue runs before the next call; timers and the like have their turn of the event
 * loop every 5 ms. When no call waits the thread looks for one for a moment, and then sleeps until it is woken.
 */
export class CallPuller {
  readonly #memory: CallMemory
  readonly #cells: ThreadCells
  readonly #thread: number
  readonly #events: PullEvents
  readonly #spin = new SpinBudget()
  readonly #step = () => this.#pullNext()
  /** Milliseconds that the last call of each function took. */
  readonly #durations: number[] = []
  #isPulling = false
  #turnStart = 0

  constructor(thread: number, memory: CallMemory, cells: ThreadCells, events: PullEvents) {
    this.#thread = thread
    this.#memory = memory
    this.#cells = cells
    this.#events = events
  }

  /** Takes calls, if it is not about to. To be called when one may wait, or a place has become free. */
  pull(): void {
    if (this.#isPulling) return
    this.#isPulling = true
    this.#cells.setAwake()
    this.#turnStart = Date.now()
    this.#pullNext()
  }

  #pullNext() {
    const slot = this.#take()
    if (slot === none) {
      this.#isPulling = false
      return
    }
    if (slot !== message) this.#runTimed(slot)
    // The clock may have been set back.
    if (Math.abs(Date.now() - this.#turnStart) < turn) {
      void resolved.then(this.#step)
    } else {
      setImmediate(() => {
        this.#turnStart = Date.now()
        this.#pullNext()
      })
    }
  }

  /** Runs the call, and tells the caller how many of its kind this thread is likely to have time for. */
  #runTimed(slot: number) {
    const fn = this.#memory.functionOf(slot)
    const duration = this.#durations[fn]
    this.#cells.setLookingFor(duration === undefined ? 0 : Math.trunc(wakeUp / duration))
    // The first call of a function says nothing about the others; and a thread starts sooner without a clock.
    const started = duration === undefined ? Number.NEGATIVE_INFINITY : performance.now()
    this.#events.run(slot)
    this.#durations[fn] = duration === undefined ? Number.POSITIVE_INFINITY : performance.now() - started
  }

  /**
   * A call that waits; or `message` when one was received, in which the caller sends calls of other kinds. `none` when there
   * is neither, and this thread will be woken for the next one, or has no place for it.
   */
  #take(): number {
    const { ring } = this.#memory
    // Without a place there is nothing to look for: whoever has it pulls when it is free.
    while (this.#cells.takePlace()) {
      const slot = ring.take(this.#thread)
      if (slot >= 0) return slot
      this.#events.givePlace()
      if (this.#look()) {
        if (this.#cells.taken > 0 && this.#receive()) return message
        if (ring.waiting > 0) continue
      }
      this.#cells.setParked()
      // One that came before is announced by nobody.
      if (ring.waiting === 0) return none
      this.#cells.setAwake()
    }
    // It is likely to take nothing as long as the calls that it has wait for something.
    this.#cells.setAwake()
    return none
  }

  /** Receives the message whose sender has taken a place: it is under way. */
  #receive(): boolean {
    const end = performance.now() + wakeUp
    do if (this.#events.receive()) return true
    while (performance.now() < end)
    return false
  }

  /** Looks for a call, or a message with one, for a moment, unless calls that wait for something need the event loop. */
  #look(): boolean {
    if (this.#cells.taken > 0) return false
    // A call that is sent in a message takes a place before.
    const hasCall = () => this.#memory.ring.waiting > 0 || this.#cells.taken > 0
    if (!this.#spinUntil(hasCall)) this.#cells.doze(hasCall, doze)
    return hasCall()
  }

  #spinUntil(hasCall: () => boolean): boolean {
    if (!this.#memory.startLooking(this.#thread)) return false
    this.#cells.setLookingFor(1)
    const found = this.#spin.spin(hasCall)
    this.#memory.stopLooking(this.#thread)
    this.#cells.setAwake()
    return found
  }
}
