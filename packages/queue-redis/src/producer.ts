import { randomBytes } from 'node:crypto'
import type { RedisConnection } from './connection.ts'
import { idOf } from './envelope.ts'
import { dedupKey, producerKey, type QueueKeys } from './keys.ts'
import { packStrings } from './packed-strings.ts'
import { Pause } from './pause.ts'
import { PendingPut, type PutManner } from './pending-put.ts'
import { type Argument, Script } from './script.ts'

const put = new Script('put')

/** What one call of the script may carry, so that it does not hold up the server for long. */
const mostPerPut = 5_000
const mostBytesPerPut = 1 << 20
/** How long the line is at least when those that are over are swept out of it while it waits. */
const shortestSweep = 1_000
/** How often a full queue is asked for room, in milliseconds: at first, and at last. */
const shortestPause = 2
const longestPause = 250
/** How long one WAIT waits for replicas, in milliseconds. */
export const longestWait = 1_000

export interface ProducerOptions {
  readonly connection: RedisConnection
  /** The one for puts that wait for replicas: until those have them, nothing else goes over it. */
  readonly waitingConnection: () => RedisConnection
  readonly keys: QueueKeys
  /** How many messages may be ready or delayed. */
  readonly capacity: number
}

/** How many envelopes of a put go with a call of the script. */
interface Part {
  readonly pending: PendingPut
  readonly count: number
}

/**
 * Puts messages in the order of the calls, one call of the script at a time; what comes meanwhile goes together with the
 * next. While the queue is full, the first call waits for room, and the others behind it.
 *
 * Calls have numbers, by which Redis knows one that is sent again: it needs one at a time, as two could overtake each other.
 */
export class Producer {
  readonly #connection: RedisConnection
  readonly #waitingConnection: () => RedisConnection
  /** Of the script: what only some puts need. */
  readonly #furtherKeys: readonly string[]
  /** Where Redis has the number of the last call. */
  readonly #key: string
  readonly #name: string
  /** 0 for as many as there are. */
  readonly #capacity: number
  /** Those that are over stay until they are swept out: to look for one would take long. */
  #line: PendingPut[] = []
  #sweepAt = shortestSweep
  readonly #pause = new Pause(shortestPause, longestPause)
  #calls = 0
  #loop: Promise<void> | undefined
  #closedBy: Error | undefined

  constructor({ connection, waitingConnection, keys, capacity }: ProducerOptions) {
    const { ready, hot, delayed, levels } = keys
    this.#connection = connection
    this.#waitingConnection = waitingConnection
    this.#name = ready
    this.#key = producerKey(ready, randomBytes(9).toString('base64url'))
    this.#furtherKeys = [hot, delayed, ...levels]
    this.#capacity = capacity === Infinity ? 0 : capacity
  }

  /** @returns their ids, or that of the earlier message of which it is a duplicate */
  put(envelopes: readonly Buffer[], manner: PutManner, signal: AbortSignal | undefined): Promise<string[]> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (this.#line.length >= this.#sweepAt) this.#sweep()
    const pending = new PendingPut(envelopes, manner, signal)
    this.#line.push(pending)
    this.#loop ??= this.#run()
    return pending.ids
  }

  /** Ends every wait for room with the error; resolves when what is on its way has its answer, and its number is forgotten. */
  async close(error: Error): Promise<void> {
    this.#closedBy = error
    this.#pause.wake()
    await this.#loop
    if (this.#calls === 0) return
    // What is left undone, time does.
    await this.#connection.send(client => client.unlink(this.#key)).catch(() => {})
  }

  async #run() {
    // Calls of the same turn go together.
    await undefined
    this.#pause.reset()
    for (;;) {
      this.#sweep()
      if (this.#line.length === 0) break
      const isFull = await this.#send()
      if (!isFull) {
        this.#pause.reset()
        continue
      }
      if (this.#closedBy === undefined) await this.#pause.wait()
      // What need not wait for room is put.
      if (this.#closedBy !== undefined) for (const pending of this.#line) pending.reject(this.#closedBy)
    }
    this.#loop = undefined
  }

  #sweep() {
    this.#line = this.#line.filter(({ isOver }) => !isOver)
    this.#sweepAt = Math.max(shortestSweep, 2 * this.#line.length)
  }

  /** Sends what may go together; says whether some of it found no room. */
  async #send(): Promise<boolean> {
    const batch = this.#nextBatch()
    const [{ pending: first }] = batch as [Part]
    const envelopes: Buffer[] = []
    for (const { pending, count } of batch) {
      for (let i = 0; i < count; i++) envelopes.push(pending.envelopes[pending.done + i] as Buffer)
      pending.isSent = true
    }
    let answer: unknown
    try {
      answer = await this.#call(envelopes, first.manner)
    } catch (error) {
      for (const { pending } of batch) pending.reject(error)
      return false
    }
    if (answer instanceof Buffer) {
      first.duplicateOf = answer.toString()
      first.resolve()
      return false
    }
    let room = Number(answer)
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

  async #call(envelopes: readonly Buffer[], { delay, priority, replicas, dedup }: PutManner): Promise<unknown> {
    const keys = [this.#name, this.#key]
    const args: Argument[] = [++this.#calls, packStrings(envelopes)]
    if (this.#capacity + delay + priority > 0 || dedup !== undefined) {
      keys.push(...this.#furtherKeys)
      args.push(this.#capacity, delay, priority)
    }
    if (dedup !== undefined) {
      keys.push(dedupKey(this.#name, dedup.key))
      args.push(Math.ceil(dedup.window), idOf(envelopes[0] as Buffer))
    }
    if (replicas === 0) return put.run(this.#connection, keys, args)
    for (;;) {
      const { answer, reached } = await this.#waitingConnection().send(async client => {
        if (client.isCluster)
          throw new TypeError('wait needs a connection to one server: a Cluster has no way to say which')
        let isSame = true
        const onClose = () => {
          isSame = false
        }
        client.once('close', onClose)
        try {
          const answer = await put.send(client, keys, args)
          // On another connection, WAIT knows nothing of this put, which has to be sent again.
          const reached = isSame ? await client.wait(replicas, longestWait) : 0
          return { answer, reached: isSame ? reached : 0 }
        } finally {
          client.off('close', onClose)
        }
      })
      if (reached >= replicas || Number(answer) === 0) return answer
      if (this.#closedBy !== undefined) throw this.#closedBy
    }
  }

  #nextBatch(): Part[] {
    const batch: Part[] = []
    let manner: PutManner | undefined
    let room = mostPerPut
    let bytes = mostBytesPerPut
    for (const pending of this.#line) {
      manner ??= pending.manner
      if (!goTogether(pending.manner, manner)) break
      const { envelopes, done } = pending
      let end = done
      for (; end < envelopes.length && room > 0; end++, room--) {
        bytes -= (envelopes[end] as Buffer).length
        // The first goes however large it is.
        if (bytes < 0 && room < mostPerPut) break
      }
      if (end > done) batch.push({ pending, count: end - done })
      if (end < envelopes.length) break
    }
    return batch
  }
}

function goTogether(one: PutManner, other: PutManner): boolean {
  if (one === other) return true
  if (one.dedup !== undefined || other.dedup !== undefined) return false
  return one.delay === other.delay && one.priority === other.priority && one.replicas === other.replicas
}
