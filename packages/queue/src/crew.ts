import { type Backlog, deliveriesOf, type Work } from './backlog.ts'
import type { BaseDelivery } from './base-delivery.ts'
import type { Breather } from './breather.ts'
import type { Clock } from './clock.ts'
import { Countdown } from './countdown.ts'
import { HandlerAbandonedError, TimeoutError } from './errors.ts'
import type { Invoker } from './invoker.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { refuseIterator } from './refuse-iterator.ts'
import { type Settler, warn } from './settler.ts'

export interface CrewOptions<T> {
  readonly concurrency: number
  readonly timeout: number
  readonly grace: number
  readonly clock: Clock
  readonly invoker: Invoker<T>
  readonly backlog: Backlog<T>
  readonly settler: Settler<T>
  readonly breather: Breather
  readonly limiter: RateLimiter | undefined
  /** Called when work was taken from the backlog, and when a handler has ended and there was none. */
  readonly onRoom: () => void
}

const { then } = Promise.prototype

/** Handlers that run one after the other, with what the last of them was called for. */
class Run<T> {
  work: Work<T>
  /** What its signals were aborted with when its time was over. */
  overdue: Error | undefined = undefined
  /** Whether nobody waits for it any longer, since its grace was over, too. */
  isAbandoned = false
  /** Whether its messages were given back while it ran. */
  isHandedBack = false
  readonly onFulfilled: (outcome: unknown) => void
  readonly onRejected: (error: unknown) => void

  constructor(work: Work<T>, onEnd: (run: Run<T>, hasFailed: boolean, error: unknown) => void) {
    this.work = work
    this.onFulfilled = outcome => {
      const refused = refuseIterator(outcome)
      onEnd(this, refused !== undefined, refused)
    }
    this.onRejected = error => onEnd(this, true, error)
  }
}

/**
 * Runs handlers for the work of a backlog, so many at a time.
 *
 * A handler whose time is over has its signals aborted. When it ends within the grace, its attempt has failed; otherwise
 * it is abandoned: its attempt has failed, its place is free, and what becomes of it counts no more.
 */
export class Crew<T> {
  readonly #options: CrewOptions<T>
  readonly #backlog: Backlog<T>
  readonly #breather: Breather
  readonly #settler: Settler<T>
  readonly #running = new Set<Run<T>>()
  readonly #timeouts: Countdown<Run<T>> | undefined
  readonly #graces: Countdown<Run<T>> | undefined
  #isHalted = false
  #abandoned = 0

  constructor(options: CrewOptions<T>) {
    const { backlog, breather, settler, clock, timeout, grace } = options
    this.#options = options
    this.#backlog = backlog
    this.#breather = breather
    this.#settler = settler
    if (timeout === Infinity) return
    this.#timeouts = new Countdown(clock, timeout, run => this.#timeOut(run))
    this.#graces = new Countdown(clock, grace, run => this.#abandon(run))
  }

  /** Handlers that run. */
  get running(): number {
    return this.#running.size
  }

  /** Handlers that run although nobody waits for them any longer. */
  get abandoned(): number {
    return this.#abandoned
  }

  /** Has all work begin that may. */
  start(): void {
    while (this.#running.size < this.#options.concurrency) {
      const work = this.#next()
      if (work === undefined) return
      const run = new Run(work, this.#onEnd)
      this.#running.add(run)
      this.#handle(run)
    }
  }

  /** Has nothing more begin. */
  halt(): void {
    this.#isHalted = true
  }

  /** Undoes `halt`. */
  proceed(): void {
    this.#isHalted = false
    this.start()
  }

  /** Gives back to the queue what is being handled. */
  handBack(reason: unknown): void {
    for (const run of this.#running) {
      if (run.isHandedBack) continue
      run.isHandedBack = true
      this.#timeouts?.delete(run)
      this.#graces?.delete(run)
      for (const delivery of deliveriesOf(run.work)) this.#settler.handBack(delivery, reason)
    }
    this.#rest()
  }

  /** Work that may begin, taken from the backlog. */
  #next(): Work<T> | undefined {
    const { limiter, onRoom } = this.#options
    if (this.#isHalted || this.#breather.isDue || !this.#backlog.hasWork || limiter?.available === 0) return undefined
    limiter?.take()
    const work = this.#backlog.begin()
    onRoom()
    return work
  }

  /** Handles what the run has, and what there is after it, until a handler is to be waited for. */
  #handle(run: Run<T>) {
    for (;;) {
      const outcome = this.#call(run)
      if (outcome !== undefined) {
        // As `await` does: a promise's own `then` might call back twice.
        then.call(outcome, run.onFulfilled, run.onRejected)
        return
      }
      if (!this.#goOn(run)) return
    }
  }

  /** Undefined when the handler is done. */
  #call(run: Run<T>): Promise<unknown> | undefined {
    this.#timeouts?.add(run)
    try {
      const outcome = this.#options.invoker.invoke(run.work)
      if (outcome !== undefined) return Promise.resolve(outcome)
    } catch (error) {
      this.#end(run, true, error)
      return undefined
    }
    this.#end(run, false, undefined)
    return undefined
  }

  readonly #onEnd = (run: Run<T>, hasFailed: boolean, error: unknown) => {
    if (run.isAbandoned) {
      this.#abandoned--
      if (hasFailed && error !== run.overdue) this.#settler.report(error, deliveriesOf(run.work)[0], ignore)
      return
    }
    this.#end(run, hasFailed, error)
    if (this.#goOn(run)) this.#handle(run)
  }

  /** Gives the run its next work. False when there is none: then it is over. */
  #goOn(run: Run<T>) {
    const work = this.#next()
    if (work !== undefined) {
      run.work = work
      return true
    }
    this.#running.delete(run)
    this.#rest()
    this.#options.onRoom()
    return false
  }

  #end(run: Run<T>, hasFailed: boolean, error: unknown) {
    const { work, overdue } = run
    this.#timeouts?.delete(run)
    if (overdue !== undefined) {
      this.#graces?.delete(run)
      run.overdue = undefined
      hasFailed = true
      error = overdue
    }
    if (run.isHandedBack) this.#settler.count(deliveriesOf(work).length, hasFailed)
    else if (!Array.isArray(work)) this.#settle(work, hasFailed, error)
    else for (const delivery of work) this.#settle(delivery, hasFailed, error)
    this.#backlog.end(work)
    this.#breather.step()
  }

  #settle(delivery: BaseDelivery<T>, hasFailed: boolean, error: unknown) {
    if (hasFailed) this.#settler.fail(delivery, error)
    else this.#settler.succeed(delivery)
  }

  #timeOut(run: Run<T>) {
    run.overdue = new TimeoutError(`the handler was not done within ${this.#options.timeout} ms`)
    this.#graces?.add(run)
    for (const delivery of deliveriesOf(run.work)) delivery.abort(run.overdue)
  }

  #abandon(run: Run<T>) {
    const { grace, onRoom } = this.#options
    const error = new HandlerAbandonedError(`the handler still runs ${grace} ms after its time was over`, {
      cause: run.overdue,
    })
    run.isAbandoned = true
    this.#abandoned++
    this.#running.delete(run)
    for (const delivery of deliveriesOf(run.work)) this.#settler.fail(delivery, error, warn)
    this.#backlog.end(run.work)
    this.#rest()
    this.start()
    onRoom()
  }

  /** Where nothing is timed, nothing is to keep the process alive. */
  #rest() {
    this.#timeouts?.rest()
    this.#graces?.rest()
  }
}

function ignore() {}
