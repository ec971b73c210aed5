import type { Action, Batch } from './batch.ts'
import type { RedisConnection } from './connection.ts'
import type { QueueKeys } from './keys.ts'
import { Pause } from './pause.ts'
import { type Argument, Script } from './script.ts'

const settle = new Script('settle')

/** How long acks of a batch that has others wait for company, in milliseconds. */
const linger = 5
/** What a server says that runs nothing for the time being: it is busy with a script, cannot save, loads, or has lost its cluster. */
const transient = /^(BUSY|MISCONF|LOADING|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN) /
/** How often it is told again then, in milliseconds: at first, and at last. */
const shortestPause = 10
const longestPause = 250
/** How many settlements a call has at most, but for those of one batch. */
const mostPerCall = 500

interface News<T> {
  readonly batch: Batch<T>
  readonly actions: readonly Action[]
  readonly told: PromiseWithResolvers<boolean>
}

export interface SettlementsOptions<T> {
  readonly connection: RedisConnection
  readonly keys: QueueKeys
  /** Whether the message was cancelled from outside while it was in flight. */
  readonly isCancelled: (id: string) => boolean
  /** Redis has all of the batch, or could not be told, or the lease was lost. */
  readonly onEnd: (batch: Batch<T>, isLost: boolean) => void
}

/**
 * Tells Redis what became of messages. A batch that is done goes with the next take, or like other acks after 5 ms; what
 * comes back or is buried is told at once.
 *
 * There is one call at a time, and of a batch that is being told nothing else is: no call overtakes another, also where one
 * has to be sent again.
 */
export class Settlements<T> {
  readonly #options: SettlementsOptions<T>
  readonly #touched = new Set<Batch<T>>()
  readonly #telling = new Set<Batch<T>>()
  #timer: NodeJS.Timeout | undefined
  #loop: Promise<void> | undefined
  #closedBy: Error | undefined
  #isFlushing = false

  constructor(options: SettlementsOptions<T>) {
    this.#options = options
  }

  /** @throws the error it was closed with */
  checkOpen(): void {
    if (this.#closedBy !== undefined) throw this.#closedBy
  }

  isCancelled(id: string): boolean {
    return this.#options.isCancelled(id)
  }

  add(batch: Batch<T>): void {
    this.#touched.add(batch)
    if (this.#telling.has(batch)) return
    if (batch.hasActions) this.#flush()
    else this.#timer ??= setTimeout(this.#flush, linger)
  }

  /** The batches that are done, for a call to end. What it says of each goes to `told`; when it fails, they are `untold`. */
  takeDone(): Batch<T>[] {
    const done: Batch<T>[] = []
    for (const batch of this.#touched) {
      if (!batch.isDone || this.#telling.has(batch)) continue
      this.#touched.delete(batch)
      this.#telling.add(batch)
      done.push(batch)
    }
    return done
  }

  told(batch: Batch<T>, wasHeld: boolean): void {
    const { told } = batch.news()
    this.#ended({ batch, actions: [], told }, wasHeld)
  }

  /** Has another call tell that it is done. */
  untold(batch: Batch<T>): void {
    this.#telling.delete(batch)
    this.add(batch)
  }

  /** Refuses what is settled from now on with the error. */
  refuse(error: Error): void {
    this.#closedBy = error
  }

  /** Resolves when Redis has what was settled. */
  async flush(): Promise<void> {
    this.#isFlushing = true
    this.#flush()
    await this.#loop
    this.#isFlushing = false
  }

  readonly #flush = () => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#loop ??= this.#run()
  }

  async #run() {
    // What is settled in one go is told together.
    await undefined
    let isUrgent: boolean
    do {
      const news = this.#nextNews()
      if (news.length === 0) break
      isUrgent = news.some(({ actions }) => actions.some(isNoAck))
      await this.#tell(news)
    } while (isUrgent || this.#isFlushing || this.#touched.values().some(batch => batch.hasActions))
    this.#loop = undefined
    // A call for each batch that is done meanwhile would follow the other: they may still go with a take.
    if (this.#touched.size > 0) this.#timer ??= setTimeout(this.#flush, linger)
  }

  #nextNews(): News<T>[] {
    const news: News<T>[] = []
    let count = 0
    for (const batch of this.#touched) {
      if (count >= mostPerCall) break
      if (this.#telling.has(batch)) continue
      this.#touched.delete(batch)
      this.#telling.add(batch)
      const { actions, told } = batch.news()
      count += actions.length
      news.push({ batch, actions, told })
    }
    return news
  }

  async #tell(news: readonly News<T>[]) {
    const { ready, hot, leased, leases, delayed, dead, cancelled, levels } = this.#options.keys
    const keys = [ready, hot, leased, leases, delayed, dead, cancelled, ...levels]
    const args: Argument[] = []
    for (const { batch, actions } of news) {
      for (const [action, ...rest] of actions) args.push(action, batch.token, ...rest)
    }
    try {
      const reply = await this.#call(keys, args)
      let at = 0
      for (const each of news) {
        const answers = reply.slice(at, at + each.actions.length)
        at += each.actions.length
        this.#ended(each, !answers.some(answer => Number(answer) === 0))
      }
    } catch (error) {
      for (const each of news) this.#failed(each, error)
    }
  }

  async #call(keys: readonly string[], args: readonly Argument[]): Promise<number[]> {
    for (const pause = new Pause(shortestPause, longestPause); ; await pause.wait()) {
      try {
        return (await settle.run(this.#options.connection, keys, args)) as number[]
      } catch (error) {
        if (!transient.test((error as Error).message)) throw error
      }
    }
  }

  #ended({ batch, told }: News<T>, wasHeld: boolean) {
    this.#telling.delete(batch)
    told.resolve(wasHeld)
    if (!wasHeld) this.#options.onEnd(batch, true)
    else if (batch.isSettled && !batch.hasNews) this.#options.onEnd(batch, false)
    else if (batch.hasNews) this.add(batch)
  }

  #failed({ batch, actions, told }: News<T>, error: unknown) {
    this.#telling.delete(batch)
    // Of acks that Redis could not be told, being done tells.
    if (actions.some(([action]) => action !== 'ack')) batch.fail()
    told.reject(error)
    if (batch.isSettled && !batch.hasNews) this.#options.onEnd(batch, false)
    else if (batch.hasNews) this.add(batch)
  }
}

function isNoAck([action]: Action): boolean {
  return action !== 'ack' && action !== 'done'
}
