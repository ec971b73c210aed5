import { isDead, unparkThread } from '@fosen/shared-memory'
import type { Words } from './words.ts'

/** What is waited for. */
export const ITEMS = 0
export const ROOM = 1
export type Side = typeof ITEMS | typeof ROOM

/**
 * The state of a place, which is 0 when it is free. The bits above are the thread that waits, counted from 1.
 *
 *   free ──▶ waiting ──▶ woken ──▶ free
 *              ▲  └─────────│──────▶ free, when its thread gives up
 *              └────────────┘ what it was woken for was gone
 */
const WOKEN = 1
const SIDE = 2
const ASYNC = 4
const threadShift = 3
const FREE = 0

/** Words: how many places are in use at most, at which the next search begins, and then two for each place: */
const USED = 0
const NEXT = 1
const PLACES = 2
/** its state, and the words of room that it waits for. */
const [STATE, NEED] = [0, 1]
const places = 64

/** A wait of this thread, which has a place while it waits. */
export class Place {
  readonly side: Side
  /** Whether its thread goes on meanwhile. */
  readonly isAsync: boolean
  /** -1 as long as it has none. There may be none left: then it looks from time to time. */
  index = -1
  /** Words of room that it waits for. */
  need = 0

  constructor(side: Side, isAsync: boolean) {
    this.side = side
    this.isAsync = isAsync
  }
}

/**
 * Who waits for a deque, in its memory. All but `isWoken`, `notify`, `watch` and `endWait` is for whoever has the deque's lock.
 *
 * Invariant, whenever nobody has the lock: when there is something that a place waits for, then another one was woken
 * for it and is about to look, or whoever woke it or was woken has died. Each change of the deque wakes one for
 * each item, or for the room; and whoever was woken passes that on when it leaves and there is still something. What the
 * dead leave undone is seen by those who wait, who look again from time to time.
 */
export class WaitPlaces {
  static readonly words = PLACES + 2 * places
  readonly #words: Words
  readonly #start: number
  readonly #thread: number
  /** Words of the places that were woken, and their states: to be notified once the lock is free. */
  readonly #woken: number[] = []

  /**
   * @param words of the deque's memory
   * @param start where in them those of the places begin
   * @param thread that this is used by
   */
  constructor(words: Words, start: number, thread: number) {
    this.#words = words
    this.#start = start
    this.#thread = thread
  }

  /**
   * Has it wait from now on, whatever it was woken for.
   *
   * @returns whether it had been woken
   */
  enter(place: Place): boolean {
    const hadPlace = place.index >= 0
    if (!hadPlace) place.index = this.#find()
    if (place.index < 0) return false
    const at = this.#wordOf(place.index)
    const wasWoken = hadPlace && this.isWoken(place)
    this.#words.set(at + NEED, place.need)
    this.#words.store(at + STATE, this.#waiting(place))
    this.#words.set(this.#start + USED, Math.max(this.#used, place.index + 1))
    return wasWoken
  }

  /** Ends its wait; gives whether it had been woken. */
  leave(place: Place): boolean {
    if (place.index < 0) return false
    const wasWoken = this.isWoken(place)
    this.#free(place.index)
    place.index = -1
    return wasWoken
  }

  /** Wakes those who wait for as many items, or as much room. */
  wake(side: Side, amount: number): void {
    const used = this.#used
    if (used === 0) return
    const first = this.#words.get(this.#start + NEXT)
    for (let i = 0, left = amount; i < used && left > 0; i++) {
      const index = (first + i) % used
      const at = this.#wordOf(index)
      const state = this.#words.get(at + STATE)
      if (state === FREE || (state & (SIDE | WOKEN)) !== side * SIDE) continue
      const need = side === ROOM ? this.#words.get(at + NEED) : 1
      if (need > left) continue
      if (isDead(threadOf(state))) {
        this.#free(index)
        continue
      }
      left -= need
      this.#words.set(this.#start + NEXT, index + 1)
      this.#words.store(at + STATE, state | WOKEN)
      this.#woken.push(at + STATE, state)
    }
  }

  /** Wakes all who wait. */
  wakeAll(): void {
    this.wake(ITEMS, Number.POSITIVE_INFINITY)
    this.wake(ROOM, Number.POSITIVE_INFINITY)
  }

  /** Notifies those who were woken since the last time. */
  notify(): void {
    while (this.#woken.length > 0) {
      const state = this.#woken.pop() as number
      const word = this.#woken.pop() as number
      if (state & ASYNC) Atomics.notify(this.#words.array, word)
      else unparkThread(threadOf(state))
    }
  }

  isWoken(place: Place): boolean {
    return place.index >= 0 && (this.#words.load(this.#wordOf(place.index) + STATE) & WOKEN) !== 0
  }

  /** What `Atomics.wait` and `waitAsync` take, to end when the place is woken. */
  watch(place: Place): [words: Int32Array<SharedArrayBuffer>, index: number, waiting: number] {
    return [this.#words.array, this.#wordOf(place.index) + STATE, this.#waiting(place)]
  }

  /** Ends waits for a place that nobody has ended. */
  endWait(index: number): void {
    Atomics.notify(this.#words.array, this.#wordOf(index) + STATE)
  }

  #waiting({ side, isAsync }: Place): number {
    return ((this.#thread + 1) << threadShift) | (isAsync ? ASYNC : 0) | (side * SIDE)
  }

  #find(): number {
    const used = this.#used
    for (let index = 0; index < used; index++) {
      const state = this.#words.get(this.#wordOf(index) + STATE)
      if (state === FREE || isDead(threadOf(state))) return index
    }
    return used < places ? used : -1
  }

  #free(index: number) {
    this.#words.store(this.#wordOf(index) + STATE, FREE)
    let used = this.#used
    while (used > 0 && this.#words.get(this.#wordOf(used - 1) + STATE) === FREE) used--
    this.#words.set(this.#start + USED, used)
  }

  get #used(): number {
    return this.#words.get(this.#start + USED)
  }

  #wordOf(index: number): number {
    return this.#start + PLACES + 2 * index
  }
}

const threadOf = (state: number) => (state >>> threadShift) - 1
