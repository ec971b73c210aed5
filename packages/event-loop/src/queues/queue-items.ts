/** Where a queue keeps its items: the order in which they leave is all that tells the kinds of queues apart. */
export interface QueueItems<T> extends Iterable<T> {
  readonly size: number
  /** @throws what comparing throws; the item is not kept then */
  add(item: T): void
  /** Takes the next item; asked only when there is one. */
  take(): T
  clear(): void
}
