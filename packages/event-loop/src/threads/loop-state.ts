/** The life of a loop. */
const NEW = 0
const RUNNING = 1
const STOPPING = 2
/** Its thread is telling why it crashes: some know it by now, others do not. */
const DYING = 3
const ENDED = 4
const CRASHED = 5

/** Words; and numbers of 64 bits, behind them. */
const [PHASE, THREAD] = [0, 1]
const [STARTED, IDLE] = [0, 1]

/** Node's alone: Bun and Deno do not say how long their loops are idle. */
const { nodeTiming }: Partial<Pick<typeof performance, 'nodeTiming'>> = performance

/**
 * What all threads know of a loop, in memory that they share.
 *
 *   phase │ threadId + 1 │ when Node's loop started, how long it was idle: milliseconds
 */
export class LoopState {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #times: Float64Array<SharedArrayBuffer>

  constructor(buffer = new SharedArrayBuffer(24)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, 2)
    this.#times = new Float64Array(buffer, 8, 2)
  }

  get isNew(): boolean {
    return this.#phase === NEW
  }

  /** Whether it takes what it is sent. */
  get isOpen(): boolean {
    return this.#phase === RUNNING
  }

  get isAlive(): boolean {
    return this.#phase === RUNNING || this.#phase === STOPPING
  }

  /** Whether all that it had to say was sent. */
  get isOver(): boolean {
    return this.#phase === ENDED || this.#phase === CRASHED
  }

  get hasCrashed(): boolean {
    return this.#phase === DYING || this.#phase === CRASHED
  }

  /** The `threadId` of the loop's thread; -1 before that serves it. */
  get thread(): number {
    return Atomics.load(this.#words, THREAD) - 1
  }

  /** What part of the thread's life it was busy, when it has told its idle time lately. */
  get utilization(): number {
    const [started = 0, idle = 0] = this.#times
    return started === 0 ? 0 : Math.min(Math.max(1 - idle / (Date.now() - started), 0), 1)
  }

  /** For the loop's thread. */
  setThread(thread: number): void {
    Atomics.store(this.#words, THREAD, thread + 1)
    if (nodeTiming) this.#times[STARTED] = performance.timeOrigin + nodeTiming.loopStart
  }

  /** For the loop's thread, now and then. */
  tellIdle(): void {
    if (nodeTiming) this.#times[IDLE] = nodeTiming.idleTime
  }

  start(): void {
    this.#change(NEW, RUNNING)
  }

  stop(): void {
    this.#change(RUNNING, STOPPING)
  }

  /** It has ended as it should, or was stopped before it began. */
  end(): void {
    Atomics.store(this.#words, PHASE, ENDED)
  }

  /** For the loop's thread, as it dies: `tell` sends everybody why. */
  crash(tell: () => void): void {
    if (!this.#change(RUNNING, DYING)) this.#change(STOPPING, DYING)
    tell()
    this.#change(DYING, CRASHED)
  }

  /** Its thread is no more; how it has ended is known already, when it has ended before. */
  die(): void {
    for (const phase of [RUNNING, STOPPING, DYING]) this.#change(phase, CRASHED)
  }

  get #phase(): number {
    return Atomics.load(this.#words, PHASE)
  }

  #change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, PHASE, from, to) === from
  }
}
