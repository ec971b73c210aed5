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
 * The loop sends BRPOP or BLPOP on a connection of its own. Who does not want to wait asks beside it, on the other one. What
 * is taken when nobody waits any more goes back to that end; while Redis refuses it, it is kept, and the next to wait gets
 * it.
 */
export class BlockingPop {
  readonly #connection: RedisConnection
  readonly #list: string
  readonly #end: End
  #blockingConnection: RedisConnection | undefined
  readonly #waiters = new Waiters<undefined, Buffer>('no value came')
  /** One for each element that cannot be put back. */
  readonly #pauses = new Set<Pause>()
  readonly #running = new Set<Promise<void>>()
  #isBlocking = false
  #isClosed = false

  constructor(connection: RedisConnection, list: string, end: End) {
    this.#connection = connection
    this.#list = list
    this.#end = end
  }

  wait(options: WaitOptions): Promise<Buffer> {
    const element = this.#waiters.wait(undefined, options)
    for (const pause of this.#pauses) pause.wake()
    if (options.timeout === 0) this.#run(this.#ask(element))
    else if (!this.#isBlocking) this.#run(this.#block())
    return element
  }

  /** Ends every wait with the error; resolves when what was taken meanwhile is back in the list. */
  async close(error: Error) {
    this.#isClosed = true
    this.#waiters.rejectAll(error)
    for (const pause of this.#pauses) pause.wake()
    await Promise.all(this.#running)
  }

  /** Drops the connection that waits. */
  async disconnect() {
    await this.#blockingConnection?.abandon()
  }

  #run(work: Promise<void>) {
    const running = work.catch(error => this.#waiters.rejectAll(error)).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Until there is nothing, or this wait is over: what comes first is for those who came before. */
  async #ask(wait: Promise<Buffer>) {
    let isOver = false
    const end = () => {
      isOver = true
    }
    wait.then(end, end)
    while (!isOver) {
      const question = this.#waiters.ask()
      const element = await this.#connection.send(client =>
        this.#end === 'right' ? client.rpopBuffer(this.#list) : client.lpopBuffer(this.#list),
      )
      if (element === null) return question.thereIsNothing()
      await this.#handOut(element)
    }
  }

  async #block() {
    this.#isBlocking = true
    try {
      await this.#connection.open()
      this.#blockingConnection ??= this.#connection.duplicate(blocking * 1_000)
      while (!this.#waiters.isEmpty) {
        const reply = await this.#blockingConnection.send(client =>
          this.#end === 'right' ? client.brpopBuffer(this.#list, blocking) : client.blpopBuffer(this.#list, blocking),
        )
        if (reply !== null) await this.#handOut(reply[1])
      }
    } finally {
      this.#isBlocking = false
    }
  }

  /** Gives the element to the first who waits; when there is nobody, puts it back. */
  async #handOut(element: Buffer) {
    const pause = new Pause(shortestPause, longestPause)
    for (let isFirst = true; this.#waiters.isEmpty; isFirst = false) {
      const isLast = this.#isClosed
      try {
        await this.#connection.send(client =>
          this.#end === 'right' ? client.rpush(this.#list, element) : client.lpush(this.#list, element),
        )
        return
      } catch (error) {
        if (isLast) return this.#warn(`a value is lost with the closed deque, since it cannot be put back: ${error}`)
        if (isFirst) this.#warn(`a value is kept until it can be put back: ${error}`)
      }
      await this.#rest(pause)
    }
    this.#waiters.resolveFirst(element)
  }

  /** Until somebody waits, or the deque is closed. */
  async #rest(pause: Pause) {
    if (this.#isClosed || !this.#waiters.isEmpty) return
    this.#pauses.add(pause)
    await pause.wait()
    this.#pauses.delete(pause)
  }

  #warn(message: string) {
    process.emitWarning(`the deque ${this.#list}: ${message}`, 'RedisDequeWarning')
  }
}
