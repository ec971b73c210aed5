/** Given the value of each message. */
export type Handler = (value: string) => Promise<void>

/** A consumer that is connected, and takes nothing yet. */
export interface ReadyConsumer {
  /** Handles messages; resolves when so many are done, and Redis has been told. */
  handle(count: number, handler: Handler): Promise<unknown>
  close(): Promise<unknown>
}

/** A queue of some library, with a database of its own. */
export interface JobQueue {
  readonly name: string
  /** Where its database is. */
  readonly url: string
  put(value: string): Promise<unknown>
  putMany(values: readonly string[]): Promise<unknown>
  /** How many messages are ready. */
  waiting(): Promise<number>
  consumer(concurrency: number): Promise<ReadyConsumer>
  /** Has so many of its messages in flight, in batches of 64 where it knows batches, while `work` runs. */
  holding<T>(count: number, work: () => Promise<T>): Promise<T>
  close(): Promise<unknown>
}

/** The same for those who hand out messages one by one: handlers hold them. */
export async function holdingInHandlers<T>(queue: JobQueue, count: number, work: () => Promise<T>): Promise<T> {
  const { promise: areHeld, resolve } = Promise.withResolvers<void>()
  const { promise: areReleased, resolve: release } = Promise.withResolvers<void>()
  const consumer = await queue.consumer(count)
  let held = 0
  const done = consumer.handle(count, () => {
    if (++held === count) resolve()
    return areReleased
  })
  await areHeld
  try {
    return await work()
  } finally {
    release()
    await done
    await consumer.close()
  }
}
