import type { Backlog } from './backlog.ts'
import type { BaseDelivery } from './base-delivery.ts'
import type { Breather } from './breather.ts'
import type { Clock } from './clock.ts'
import { Countdown } from './countdown.ts'
import { HandlerAbandonedError, TimeoutError } from './errors.ts'
import type { Invoker } from './invoker.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { Run } from './run.ts'
import { type Settler, warn } from './settler.ts'
import { deliveriesOf } from './work.ts'

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

/**
 * Runs handlers for the work of a backlog, so many at a time. Each that runs is a run, which goes on with the next work
 * when it has ended one.
 *
 * A run whose time is over has its signals aborted. When its handler ends within the grace, its attempt has failed;
 * otherwise the run is abandoned: its attempt has failed, its place is free, and what becomes of it counts no more.
 */
export class Crew<T> {
  readonly #options: CrewOptions<T>
  readonly #backlog: Backlog<T>
  readonly #breather: Breather
  readonly #settler: Settler<T>
  readonly #runs = new Set<Run<T>>()
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
    return this.#runs.size
  }

  /** Handlers that run although nobody waits for them any longer. */
  get abandoned(): number {
    return this.#abandoned
  }

  /** Has all work begin that may. */
  start(): void {
    while (this.#runs.size < this.#options.concurrency) {
      const run = this.#begin()
      if (run === undefined) return
      this.#runs.add(run)
      void this.#handle(run)
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
    for (const run of this.#runs) {
      if (run.isHandedBack) continue
      run.isHandedBack = true
      for (const delivery of deliveriesOf(run.work)) this.#settler.handBack(delivery, reason)
    }
  }

  #begin(run?: Run<T>) {
    const { limiter, onRoom } = this.#options
    if (this.#isHalted || this.#breather.isDue || !this.#backlog.hasWork || limiter?.available === 0) return undefined
    limiter?.take()
    const work = this.#backlog.begin()
    if (run === undefined) run = new Run(work)
    else run.work = work
    onRoom()
    return run
  }

  async #handle(run: Run<T>) {
    const { invoker, onRoom } = this.#options
    do {
      let hasFailed = false
      let error: unknown
      try {
        this.#timeouts?.add(run)
        const outcome = invoker.invoke(run.work)
        if (outcome !== undefined) await outcome
      } catch (thrown) {
        hasFailed = true
        error = thrown
      }
      if (run.isAbandoned) {
        this.#abandoned--
        if (hasFailed && error !== run.overdue) this.#settler.report(error, deliveriesOf(run.work)[0], ignore)
        return
      }
      this.#end(run, hasFailed, error)
    } while (this.#begin(run) !== undefined)
    this.#runs.delete(run)
    this.#rest()
    onRoom()
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
    this.#runs.delete(run)
    for (const delivery of deliveriesOf(run.work)) this.#settler.fail(delivery, error, warn)
    this.#backlog.end(run.work)
    this.#rest()
    this.start()
    onRoom()
  }

  /** Nothing that no handler waits for is to keep the process alive. */
  #rest() {
    if (this.#runs.size > 0) return
    this.#timeouts?.rest()
    this.#graces?.rest()
  }
}

function ignore() {}
