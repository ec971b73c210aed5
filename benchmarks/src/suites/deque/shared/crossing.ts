/** What crosses: sixteen bytes. */
export const item = '0123456789abcdef'

/** Two threads, and a way for values between them. */
export interface Crossing {
  readonly name: string
  /** Has the other thread send so many items, one at a time, and gives the sum of their lengths. */
  receive(count: number): number | PromiseLike<number>
  /** The same, `batch` at a time. */
  receiveMany(count: number, batch: number): number | PromiseLike<number>
  /** Sends so many ones to the other thread, which sends each back, and is blocked until it has it; gives their sum. */
  exchangeSync(count: number): number
  /** The same, and the event loop goes on meanwhile. */
  exchange(count: number): PromiseLike<number>
  close(): PromiseLike<unknown>
}
