import { adopt } from './adopted-delivery.ts'
import { type Backlog, PlainBacklog } from './backlog.ts'
import type { Backoff } from './backoff.ts'
import type { BaseDelivery } from './base-delivery.ts'
import { Breather } from './breather.ts'
import { checkDuration } from './check.ts'
import type { Clock } from './clock.ts'
import type { Consumer, ConsumerStats, StopOptions } from './consumer.ts'
import { Crew } from './crew.ts'
import { AttemptsExhaustedError, ConsumerStoppedError } from './errors.ts'
import type { BatchHandler, Handler } from './handler.ts'
import { Invoker } from './invoker.ts'
import { KeyedBacklog, type KeyedBacklogOptions } from './keyed-backlog.ts'
import { AdaptivePrefetch } from './prefetch.ts'
import type { MessageQueue } from './queue.ts'
import { RateLimiter, type RateOptions } from './rate-limiter.ts'
import { type ErrorListener, Settler } from './settler.ts'
import { type Client, Taker } from './taker.ts'

export interface ConsumerSettings<T> extends KeyedBacklogOptions<T> {
  readonly handler: Handler<T> | BatchHandler<T>
  readonly concurrency: number
  /** Undefined for one that adapts. */
  readonly prefetch: number | undefined
  readonly retries: number
  readonly backoff: Backoff
  readonly timeout: number
  readonly grace: number
  readonly rate: RateOptions | undefined
  readonly signal: AbortSignal | undefined
  readonly onError: ErrorListener<T> | undefined
  readonly clock: Clock
}

/** Where all that was taken has a key that is being handled, so many more are taken to find another. */
const lookahead = 64

/**
 * A taker takes messages off the queue into the backlog, and a crew runs handlers for what is there.
 *
 * The consumer has finished when the taker has ended, no handler runs, and the queue has all that was settled.
 */
export class QueueConsumer<T> implements Consumer<T> {
  readonly queue: MessageQueue<T>
  readonly #settings: ConsumerSettings<T>
  readonly #adaptive: AdaptivePrefetch | undefined
  readonly #limiter: RateLimiter | undefined
  readonly #backlog: Backlog<T>
  readonly #settler: Settler<T>
  readonly #breather: Breather
  readonly #crew: Crew<T>
  readonly #taker: Taker<T>
  readonly #finished = Promise.withResolvers<void>()
  #isStopping = false
  #isPaused = false
  #hasTakerEnded = false

  constructor(queue: MessageQueue<T>, settings: ConsumerSettings<T>) {
    const { clock, signal, rate, prefetch, key, batch, timeout, grace } = settings
    const goOn = () => {
      this.#crew.start()
      this.#taker.wake()
    }
    this.queue = queue
    this.#settings = settings
    this.#adaptive = prefetch === undefined ? new AdaptivePrefetch() : undefined
    this.#limiter = rate && new RateLimiter(rate, clock, goOn)
    this.#breather = new Breather(goOn)
    const isPlain = key === undefined && batch === undefined
    this.#backlog = isPlain ? new PlainBacklog() : new KeyedBacklog(settings, clock, goOn)
    this.#settler = new Settler({
      ...settings,
      onAllSettled: this.#finishWhenDone,
      onQueueClosed: this.#endWithQueue,
    })
    this.#crew = new Crew({
      ...settings,
      backlog: this.#backlog,
      settler: this.#settler,
      breather: this.#breather,
      limiter: this.#limiter,
      invoker: new Invoker(queue, settings.handler),
      onRoom: () => {
        if (this.#crew.running === 0) this.#look()
        if (this.#taker.isAsleep && this.#lacking > 0) this.#taker.wake()
        this.#finishWhenDone()
      },
    })
    this.#taker = new Taker(queue, this.#client, clock, timeout + grace)
    signal?.addEventListener('abort', this.#beginStop)
    if (signal?.aborted) this.#beginStop()
    void this.#taker.run()
  }

  get finished(): Promise<void> {
    return this.#finished.promise
  }

  stats(): ConsumerStats {
    const { running, abandoned } = this.#crew
    const { processed, failed } = this.#settler
    return { running, waiting: this.#backlog.length, processed, failed, abandoned }
  }

  async stop({ deadline = Infinity }: StopOptions = {}): Promise<void> {
    checkDuration('deadline', deadline, Infinity)
    this.#beginStop()
    if (deadline === Infinity) return this.finished
    using _timer = this.#settings.clock.after(deadline, this.#giveUp)
    await this.finished
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  pause(): void {
    if (this.#isPaused || this.#isStopping) return
    this.#isPaused = true
    this.#taker.pause()
    this.#halt()
  }

  resume(): void {
    if (!this.#isPaused || this.#isStopping) return
    this.#isPaused = false
    this.#crew.proceed()
    this.#taker.resume()
  }

  readonly #client: Client<T> = {
    wanted: () => {
      if (this.#lacking > 0) this.#look()
      return this.#lacking
    },
    onMessages: deliveries => {
      if (this.#isStopping || this.#isPaused) return this.#settler.release(deliveries.map(adopt))
      const wasIdle = this.#crew.running === 0 && this.#backlog.length === 0
      if (wasIdle) this.#adaptive?.begin(this.#settings.clock.now(), this.#ended)
      for (const delivery of deliveries) this.#add(adopt(delivery))
      this.#crew.start()
    },
    onFailure: error => this.#settler.report(error, undefined),
    onQueueClosed: () => this.#endWithQueue(),
    onEnd: () => {
      this.#hasTakerEnded = true
      this.#finishWhenDone()
    },
  }

  #look() {
    this.#adaptive?.look(this.#settings.clock.now(), this.#ended)
  }

  get #ended() {
    return this.#settler.processed + this.#settler.failed
  }

  /** How many messages should be taken; 0 as long as those that are there will do. */
  get #lacking() {
    const { concurrency, batch, key, prefetch } = this.#settings
    if (this.#isPaused || this.#isStopping || this.#breather.isDue) return 0
    const size = batch?.size ?? 1
    const waiting = this.#backlog.length
    const free = (concurrency - this.#crew.running) * size
    const most = prefetch ?? this.#adaptive?.size ?? 0
    // A part of a batch that waits would be begun as it is, while the rest of it is in the queue.
    const ahead = most - (most % size)
    let lacking = free + ahead - waiting
    if (waiting > 0) {
      // Those of other keys are behind them.
      const areBlocked = key !== undefined && prefetch === undefined && free > 0 && !this.#backlog.hasWork
      if (areBlocked) lacking = Math.min(free, free + lookahead - waiting)
      else if (lacking * 2 < ahead) return 0
    }
    if (this.#limiter !== undefined) lacking = Math.min(lacking, this.#limiter.available * size - waiting)
    return Math.max(0, lacking)
  }

  #add(delivery: BaseDelivery<T>) {
    const { retries } = this.#settings
    try {
      if (delivery.attempt > retries + 1) {
        throw new AttemptsExhaustedError(
          `delivered ${delivery.attempt} times, and to be tried ${retries + 1} times at most`,
        )
      }
      this.#backlog.add(delivery)
    } catch (error) {
      this.#settler.fail(delivery, error)
      this.#breather.step()
    }
  }

  readonly #beginStop = () => {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#settings.signal?.removeEventListener('abort', this.#beginStop)
    this.#taker.stop()
    this.#halt()
  }

  /** The queue is closed: what waits is with it as if this process had ended. */
  readonly #endWithQueue = () => {
    this.#backlog.clear()
    this.#beginStop()
  }

  #halt() {
    this.#crew.halt()
    this.#limiter?.stop()
    this.#settler.release(this.#backlog.clear())
  }

  readonly #giveUp = () => {
    this.#crew.handBack(new ConsumerStoppedError())
    this.#finished.resolve()
  }

  readonly #finishWhenDone = () => {
    if (this.#hasTakerEnded && this.#crew.running === 0 && this.#settler.open === 0) this.#finished.resolve()
  }
}
