import type { TimerHandle } from './handle.ts'

/** How many timers make it worth while to look for cancelled ones. */
const many = 100

/**
 * Timers by time, and by order of setting where times are equal: a binary heap. Cancelled ones leave at the top, or all
 * together when they are more than half of many.
 */
export class TimerHeap {
  readonly #heap: TimerHandle[] = []
  #cancelled = 0

  get size(): number {
    return this.#heap.length
  }

  push(timer: TimerHandle): void {
    const heap = this.#heap
    timer.heap = this
    let index = heap.push(timer) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as TimerHandle
      if (!before(timer, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = timer
  }

  /** The earliest timer that is not cancelled. */
  peek(): TimerHandle | undefined {
    while (this.#heap[0]?.cancelled()) this.#shift()
    return this.#heap[0]
  }

  /** Takes the earliest timer, if its time is not after `now`. */
  shiftDue(now: number): TimerHandle | undefined {
    const timer = this.peek()
    if (!timer || timer.when() > now) return undefined
    this.#shift()
    return timer
  }

  /** For a timer in the heap: it was cancelled. */
  countCancelled(): void {
    this.#cancelled++
    if (this.#heap.length <= many || this.#cancelled <= this.#heap.length / 2) return
    const kept = this.#heap.filter(timer => !timer.cancelled())
    this.clear()
    for (const timer of kept) this.push(timer)
  }

  clear(): void {
    for (const timer of this.#heap) timer.heap = undefined
    this.#heap.length = 0
    this.#cancelled = 0
  }

  #shift() {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (!first || !last) return
    first.heap = undefined
    if (first.cancelled()) this.#cancelled--
    if (heap.length === 0) return
    let index = 0
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      const right = child + 1
      if (right < heap.length && before(heap[right] as TimerHandle, heap[child] as TimerHandle)) child = right
      const below = heap[child] as TimerHandle
      if (!before(below, last)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
  }
}

const before = (a: TimerHandle, b: TimerHandle) =>
  a.when() < b.when() || (a.when() === b.when() && a.sequence < b.sequence)
