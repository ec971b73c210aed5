/** A deque that holds ones, and what is done to it in the way of its library. Each gives the sum of the items that it saw. */
export interface Held {
  /** Adds a one at the right end and removes an item at the left end, so many times. */
  pass(count: number): number
  /** Reads so many items, at indexes that are `stride` apart and go round; there are a power of two of them. */
  read?(count: number): number
  /** Goes through all items. */
  iterate?(): number
}

/** One of those that are compared. */
export interface Library {
  readonly name: string
  hold(size: number): Held
  /** Adds so many ones to a new deque at the right end, and removes them all at the left end: their sum. */
  burst(size: number): number
}

/** Odd, and so far that the next item is in another line of the cache. */
export const stride = 7919
