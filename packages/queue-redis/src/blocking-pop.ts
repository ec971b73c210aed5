import type { WaitOptions } from '@fosen/queue'
import type { RedisConnection } from './connection.ts'
import { Pause } from './pause.ts'
import { Waiters } from './waiters.ts'

/** How long a BRPOP waits, in seconds: so long closing a deque may take. */
const blocking = 0.5
/** How long to wait before an element that could not be put back is put back again, in milliseconds: at first, and at last. */
const shortestPause = 25
const longestPause = 2_000

export type End = 'left' | 'right'

/**
 * Takes elements off one end of a list for those who wait, in one loop that runs while somebody does.
 *
 * On an empty list a BRPOP or BLPOP waits on a connection of its own. What it takes when nobody waits any more goes back to
 * that end; while Redis refuses it, it is kept, and the next to wait gets it.
 */
export class BlockingPop {
  readonly #connection: RedisConnection
  readonly #list: string
  readonly #end: End
  #blockingConnection: RedisConnection | undefined
  readonly #waiters = new Waiters<undefined, Buffer>('no value came')
  readonly #pause = new Pause()
  #loop: Promise<void> | undefined
  #isBlocking = false
  #isClosed = false

  constructor(connection: RedisConnection, list: string, end: End) {
    this.#connection = connection
    this.#list = list
    this.#end = end
  }

  wait(options: WaitOptions): Promise<Buffer> {
    const element = this.#waiters.wait(undefined, options)
    this.#loop ??= this.#run()
    this.#pause.wake()
    // While BRPOP waits, the list is empty.
    if (this.#isBlocking) this.#waiters.ask().thereIsNothing()
    return element
  }

  /** Ends every wait with the error; resolves when what was taken meanwhile is back in the list. */
  async close(error: Error) {
    this.#isClosed = true
    this.#waiters.rejectAll(error)
    this.#pause.wake()
    await this.#loop
  }

  /** Drops the connection that waits. */
  async disconnect() {
    await this.#blockingConnection?.abandon()
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      try {
        const question = this.#waiters.ask()
        let element = await this.#connection.send(client =>
          this.#end === 'right' ? client.rpopBuffer(this.#list) : client.lpopBuffer(this.#list),
        )
        if (element === null) {
          question.thereIsNothing()
          if (!this.#waiters.isEmpty) element = await this.#block()
        }
        if (element !== null) await this.#handOut(element)
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
    }
    this.#loop = undefined
  }

  async #block(): Promise<Buffer | null> {
    this.#isBlocking = true
    try {
      this.#blockingConnection ??= this.#connection.duplicate(blocking * 1_000)
      const reply = await this.#blockingConnection.send(client =>
        this.#end === 'right' ? client.brpopBuffer(this.#list, blocking) : client.blpopBuffer(this.#list, blocking),
      )
      return reply === null ? null : reply[1]
    } finally {
      this.#isBlocking = false
    }
  }

  /** Gives the element to the first who waits; when there is nobody, puts it back. */
  async #handOut(element: Buffer) {
    let ms = shortestPause
    while (this.#waiters.isEmpty) {
      const isLast = this.#isClosed
      try {
        await this.#connection.send(client =>
          this.#end === 'right' ? client.rpush(this.#list, element) : client.lpush(this.#list, element),
        )
        return
      } catch (error) {
        if (isLast) return this.#warn(`a value is lost with the closed deque, since it cannot be put back: ${error}`)
        if (ms === shortestPause) this.#warn(`a value is kept until it can be put back: ${error}`)
      }
      if (!this.#isClosed && this.#waiters.isEmpty) await this.#pause.wait(ms)
      ms = Math.min(ms * 2, longestPause)
    }
    this.#waiters.resolveFirst(element)
  }

  #warn(message: string) {
    process.emitWarning(`the deque ${this.#list}: ${message}`, 'RedisDequeWarning')
  }
}
