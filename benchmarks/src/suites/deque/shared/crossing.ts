/** What crosses: sixteen bytes. */
export const item = '0123456789abcdef'

/** A way for values to another thread and back, with what this thread does until they come. */
export interface Exchange {
  readonly name: string
  /** Sends so many ones to the other thread, which sends each back, and waits for it before the next; gives their sum. */
  exchange(count: number): number | PromiseLike<number>
}

/** The same, also for values that the other thread makes. */
export interface Crossing extends Exchange {
  /** Has the other thread send so many items, one at a time, and gives the sum of their lengths. */
  receive(count: number): number | PromiseLike<number>
  /** The same, `batch` at a time. */
  receiveMany(count: number, batch: number): number | PromiseLike<number>
  close(): PromiseLike<unknown>
}
