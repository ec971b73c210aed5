import type { QueueItems } from './queue-items.ts'

/** Last in, first out. */
export class Lifo<T> implements QueueItems<T> {
  #stack: T[] = []

  get size(): number {
    return this.#stack.length
  }

  add(item: T): void {
    this.#stack.push(item)
  }

  take(): T {
    return this.#stack.pop() as T
  }

  clear(): void {
    this.#stack = []
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#stack[Symbol.iterator]()
  }
}
