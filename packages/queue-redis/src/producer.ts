import type { RedisConnection } from './connection.ts'
import type { QueueKeys } from './keys.ts'
import { Pause } from './pause.ts'
import { Script } from './script.ts'

const put = new Script('put')

/** What one call of the script may carry: as many as it takes, and so that it does not hold up the server for long. */
const mostPerPut = 1_000
const mostBytesPerPut = 1 << 20
/** How often a full queue is asked for room, in milliseconds: at first, and at last. */
const shortestPause = 2
const longestPause = 100

interface Pending {
  readonly delay: number
  readonly envelopes: readonly Buffer[]
  /** How many of the envelopes are put. */
  done: number
  /** Whether some of them are on their way: they may be put, the answer says. */
  isSent: boolean
  /** Ends the put when its signal is aborted. */
  endIfAborted(): void
  resolve(): void
  reject(reason: unknown): void
}

/**
 * Puts messages in the order of the calls, one call of the script at a time; what comes meanwhile goes together with the
 * next. While the queue is full, the first call waits for room, and the others behind it.
 */
export class Producer {
  readonly #connection: RedisConnection
  readonly #keys: QueueKeys
  readonly #capacity: number
  readonly #line = new Set<Pending>()
  readonly #pause = new Pause()
  #loop: Promise<void> | undefined
  #closedBy: Error | undefined

  /** @param capacity how many messages may be ready or delayed; 0 for as many as there are */
  constructor(connection: RedisConnection, keys: QueueKeys, capacity: number) {
    this.#connection = connection
    this.#keys = keys
    this.#capacity = capacity
  }

  put(envelopes: readonly Buffer[], delay: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const endIfAborted = () => {
      if (signal?.aborted && !pending.isSent) pending.reject(signal.reason)
    }
    const leave = () => {
      this.#line.delete(pending)
      signal?.removeEventListener('abort', endIfAborted)
    }
    const pending: Pending = {
      delay,
      envelopes,
      done: 0,
      isSent: false,
      endIfAborted,
      resolve() {
        leave()
        resolve()
      },
      reject(reason) {
        leave()
        reject(reason)
      },
    }
    this.#line.add(pending)
    signal?.addEventListener('abort', endIfAborted)
    this.#loop ??= this.#run()
    return promise
  }

  /** Ends every wait for room with the error; resolves when what is on its way has its answer. */
  async close(error: Error) {
    this.#closedBy = error
    this.#pause.wake()
    await this.#loop
  }

  async #run() {
    // Calls of the same turn go together.
    await undefined
    let ms = shortestPause
    while (this.#line.size > 0) {
      const isFull = await this.#send()
      if (isFull && this.#closedBy === undefined) await this.#pause.wait(ms)
      ms = isFull ? Math.min(ms * 2, longestPause) : shortestPause
      if (this.#closedBy !== undefined) for (const pending of this.#line) pending.reject(this.#closedBy)
    }
    this.#loop = undefined
  }

  /** Sends what may go together; says whether some of it found no room. */
  async #send(): Promise<boolean> {
    const batch = this.#nextBatch()
    const [{ pending: first }] = batch as [Part]
    const envelopes = batch.flatMap(({ pending, count }) => pending.envelopes.slice(pending.done, pending.done + count))
    const { ready, hot, delayed } = this.#keys
    for (const { pending } of batch) pending.isSent = true
    let room: number
    try {
      room = Number(await put.run(this.#connection, [ready, hot, delayed], [this.#capacity, first.delay, ...envelopes]))
    } catch (error) {
      for (const { pending } of batch) pending.reject(error)
      return false
    }
    const isFull = room < envelopes.length
    for (const { pending, count } of batch) {
      const done = Math.min(room, count)
      room -= done
      pending.done += done
      pending.isSent = false
      if (pending.done === pending.envelopes.length) pending.resolve()
      else pending.endIfAborted()
    }
    return isFull
  }

  #nextBatch(): Part[] {
    const batch: Part[] = []
    let delay: number | undefined
    let room = mostPerPut
    let bytes = mostBytesPerPut
    for (const pending of this.#line) {
      delay ??= pending.delay
      if (pending.delay !== delay) break
      const { envelopes, done } = pending
      let end = done
      for (; end < envelopes.length && room > 0; end++, room--) {
        bytes -= (envelopes[end] as Buffer).length
        // The first goes however large it is.
        if (bytes < 0 && room < mostPerPut) break
      }
      batch.push({ pending, count: end - done })
      if (end < envelopes.length) break
    }
    return batch
  }
}

/** How many envelopes of a put go with a call of the script. */
interface Part {
  readonly pending: Pending
  readonly count: number
}
