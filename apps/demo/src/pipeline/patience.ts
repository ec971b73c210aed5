import type { MessageQueue } from '@fosen/queue'

export interface PatienceOptions {
  /** Interrupts the run. */
  readonly signal: AbortSignal
  /** How long an interrupted run waits for the files that are being read, in milliseconds; 10 s by default. */
  readonly drain?: number | undefined
  /** How long the queue may leave a question unanswered before it counts as gone, in milliseconds; 15 s by default. */
  readonly silence?: number | undefined
}

/** So many times within the silence it is looked whether the queue has answered. */
const looks = 15

/**
 * How long a run waits for what may never come: it works until it is interrupted or its queue is gone, and from then on
 * waits for what is under way, but not for ever.
 */
export class Patience implements Disposable {
  /** How long handlers that run have to end once the run is stopped, in milliseconds. */
  readonly drain: number
  readonly #interrupted: AbortSignal
  readonly #gone = new AbortController()
  readonly #over = new AbortController()
  readonly #watch: NodeJS.Timeout
  #timer: NodeJS.Timeout | undefined
  #reason: string | undefined

  /** Aborted when the run is to do no further work. */
  readonly stopped: AbortSignal
  /** Aborted when the run is to wait for nothing any longer. */
  readonly over: AbortSignal

  constructor(queue: MessageQueue<unknown>, { signal, drain = 10_000, silence = 15_000 }: PatienceOptions) {
    this.drain = drain
    this.#interrupted = signal
    this.stopped = AbortSignal.any([signal, this.#gone.signal])
    this.over = AbortSignal.any([this.#over.signal, this.#gone.signal])
    let unanswered = 0
    // It counts looks, not time: a process that was suspended has heard nothing, and nobody is to blame.
    this.#watch = setInterval(() => {
      if (unanswered++ === looks) this.giveUp('the queue does not answer any more')
      if (unanswered > 1) return
      const answered = () => {
        unanswered = 0
      }
      queue.stats().then(answered, answered)
    }, silence / looks)
    signal.addEventListener('abort', this.#startDrain)
    if (signal.aborted) this.#startDrain()
  }

  get end(): 'done' | 'interrupted' | 'gone' {
    if (this.#interrupted.aborted) return 'interrupted'
    return this.#gone.signal.aborted ? 'gone' : 'done'
  }

  /** Why it was given up. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** The work cannot go on. */
  giveUp(reason: string): void {
    this.#reason ??= reason
    this.#gone.abort()
  }

  [Symbol.dispose]() {
    this.#interrupted.removeEventListener('abort', this.#startDrain)
    clearInterval(this.#watch)
    clearTimeout(this.#timer)
  }

  readonly #startDrain = () => {
    this.#timer = setTimeout(() => this.#over.abort(), this.drain)
  }
}
