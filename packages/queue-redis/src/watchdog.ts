import type { Redis } from 'ioredis'
import { type Client, isCluster } from './client.ts'

/** How long a connection may be silent, in milliseconds. */
export interface Patience {
  /** While it is made. */
  readonly connect: number
  /** While the server owes an answer. */
  readonly answer: number
}

/** So often a connection is looked at while it may be silent, and once in so many milliseconds at least. */
const looks = 4
const longestInterval = 1_000

/**
 * Destroys connections that are dead though they look alive: which are silent while they are made, or owe an answer.
 *
 * It counts the times that it has looked, not seconds: while the event loop stands still, answers may have come that it has
 * not seen. The timers of ioredis take no notice of that, and cost something for each command.
 */
export class Watchdog {
  readonly #client: Client
  readonly #patience: Patience
  readonly #isUsed: () => boolean
  readonly #interval: number
  /** How far each that is awaited was when it was last heard of, and how often it was looked at since. */
  readonly #heard = new WeakMap<object, { bytes: number; status: string; looks: number }>()
  #timer: NodeJS.Timeout | undefined

  /** @param isUsed whether calls wait, also while nothing is sent: the server may be loading, a cluster without a master */
  constructor(client: Client, patience: Patience, isUsed: () => boolean) {
    this.#client = client
    this.#patience = patience
    this.#isUsed = isUsed
    this.#interval = Math.min(patience.connect / looks, patience.answer / looks, longestInterval)
  }

  /** To be called when there is something to wait for; it rests by itself when there is not. */
  wake(): void {
    this.#timer ??= setInterval(this.#look, this.#interval).unref()
  }

  rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  readonly #look = () => {
    const nodes = isCluster(this.#client) ? this.#client.nodes() : [this.#client]
    const areAwaited = nodes.map(node => this.#lookAt(node as unknown as WatchedRedis))
    if (!areAwaited.includes(true) && !this.#isUsed()) this.rest()
  }

  /** Says whether there is something to wait for. */
  #lookAt({ status, stream, commandQueue }: WatchedRedis): boolean {
    const isAwaited = status === 'connecting' || status === 'reconnecting' || commandQueue.length > 0
    if (stream === undefined || stream.destroyed) return isAwaited
    const heard = this.#heard.get(stream)
    const { bytesRead: bytes } = stream
    if (!isAwaited) this.#heard.delete(stream)
    else if (heard?.bytes !== bytes || heard.status !== status) this.#heard.set(stream, { bytes, status, looks: 0 })
    else {
      const limit = status === 'connecting' ? this.#patience.connect : this.#patience.answer
      if (++heard.looks * this.#interval >= limit) stream.destroy(new Error(`nothing came for ${limit} ms`))
    }
    return isAwaited
  }
}

/** What a Redis has, and its types say only a part of. */
interface WatchedRedis {
  readonly status: Redis['status']
  /** Undefined before the first attempt. */
  readonly stream: Redis['stream'] | undefined
  /** What is not answered. */
  readonly commandQueue: { readonly length: number }
}
