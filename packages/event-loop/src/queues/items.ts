/** Where a queue keeps what was put: what it is given in which order is all that tells kinds of queues apart. */
export interface Items<T> extends Iterable<T> {
  readonly size: number
  /** @throws what comparing throws; the item is not kept then */
  add(item: T): void
  /** Takes the next item; asked only when there is one. */
  take(): T
  clear(): void
}
