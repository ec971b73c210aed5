import type { Call } from './call.ts'
import { CallDeadlines } from './call-deadlines.ts'
import { CallReturns } from './call-returns.ts'
import { KeepAlive } from './keep-alive.ts'
import { takeFromDead } from './lost-call.ts'
import { keepCall, packCall } from './pack-call.ts'
import type { PoolSettings } from './pool-options.ts'
import type { PoolThread, PoolThreadEnd } from './pool-thread.ts'
import { ResultWatch } from './result-watch.ts'
import { SentCalls } from './sent-calls.ts'
import { StrandedCalls } from './stranded-calls.ts'
import { ThreadGroup } from './thread-group.ts'
import type { FromThread } from './wire/messages.ts'
import { packArguments } from './wire/wire-arguments.ts'

export interface DispatchEvents {
  /** The initializer has failed in a thread. */
  readonly onBroken: (error: unknown) => void
  /** Fewer calls are under way. */
  readonly onLess: () => void
}

/**
 * Brings the calls of a pool to its threads, and their results back.
 *
 * Small calls go through the pool's memory, where threads take them as they have time; the others are sent to a thread
 * that has a place for them. Both in the order in which they were made: a call that finds no room waits here, and so do
 * those after it.
 */
export class CallDispatch {
  readonly threads: ThreadGroup
  readonly #settings: PoolSettings
  readonly #events: DispatchEvents
  readonly #sent: SentCalls
  readonly #watch: ResultWatch
  // In the order of insertion; a call that is cancelled leaves it in constant time.
  readonly #queue = new Set<Call>()
  readonly #stranded: StrandedCalls
  readonly #deadlines: CallDeadlines
  readonly #returns: CallReturns
  readonly #alive = new KeepAlive()

  constructor(settings: PoolSettings, events: DispatchEvents) {
    this.#settings = settings
    this.#events = events
    this.#sent = new SentCalls(settings.max * settings.concurrency)
    const onSleep = () => this.threads.wakeFor(this.#sent.memory.ring.waiting)
    this.threads = new ThreadGroup(settings, this.#sent, {
      onResult: slot => this.#returns.takeResult(slot),
      onMessage: (message, thread) => this.#onMessage(message, thread),
      onSleep,
      onBroken: events.onBroken,
      onEnd: (thread, end) => this.#onThreadEnd(thread, end),
    })
    this.#watch = new ResultWatch({
      memory: this.#sent.memory,
      takeResults: () => this.threads.takeResults(),
      hasResult: () => this.threads.hasResult,
      isExpecting: () => this.#sent.size > 0,
      onSleep,
    })
    this.#returns = new CallReturns(this.#sent, () => this.#onDone())
    this.#deadlines = new CallDeadlines({
      threadOf: call => this.#threadOf(call),
      withdraw: (call, reason) => this.withdraw(call, reason),
    })
    this.#stranded = new StrandedCalls({
      first: () => this.#queue.values().next().value,
      take: call => {
        this.#queue.delete(call)
        if (call.kept) call.packed = packArguments(this.#sent.memory.read(call.kept))
      },
      startThread: () => this.#start(),
      onDone: () => this.#onDone(),
    })
  }

  /** Calls that are not done. */
  get size(): number {
    return this.#queue.size + this.#sent.size + this.#stranded.running
  }

  /** Calls that wait for a thread. */
  get queued(): number {
    return Math.max(0, this.#forThreads - this.threads.size * this.#settings.concurrency)
  }

  /** Calls that wait for a thread, or have one. */
  get #forThreads(): number {
    return this.#queue.size + this.#sent.size
  }

  submit(call: Call): void {
    this.#queue.add(call)
    // Also for one that waits for an idle thread to say that it has a place.
    if (!this.#settings.daemon) this.#alive.hold()
    this.dispatch()
    if (!this.#queue.has(call)) return
    try {
      keepCall(call, this.#sent)
    } catch (error) {
      this.withdraw(call, error)
      call.future.setException(error)
    }
  }

  /** Takes a call back that waits; tells the function when it runs, and ends its thread when it goes on for too long. */
  withdraw(call: Call, reason: unknown): void {
    if (this.#queue.delete(call)) {
      this.#onLess()
    } else if (call.slot >= 0 && this.#sent.takeBack(call)) {
      this.#onDone()
    } else if (call.slot >= 0) {
      this.#sent.memory.cancel(call.slot, call.id)
      this.#threadOf(call)?.cancel(call, reason)
      this.#deadlines.set(call, call.grace)
    }
  }

  isRunning(call: Call): boolean {
    return call.slot >= 0 && this.#sent.memory.ring.threadOf(call.slot) > 0
  }

  giveCredit(call: Call, count: number): void {
    if (call.slot >= 0) this.#threadOf(call)?.giveCredit(call, count)
  }

  /** Cancels the calls that wait for a thread. */
  cancelPending(reason: string): void {
    for (const { future } of this.#queue) future.cancel(reason)
    for (const { future } of this.#sent.waiting()) future.cancel(reason)
  }

  /** Fails all calls, and ends the threads. */
  fail(error: unknown): void {
    void this.threads.terminate()
    const calls = [...this.#queue, ...this.#sent.takeBackAll()]
    this.#queue.clear()
    for (const { number } of this.threads) calls.push(...this.#sent.of(number))
    for (const { future } of calls) future.setException(error)
    this.#onLess()
  }

  /** Sends what can be sent. */
  dispatch(): void {
    // One for each call, as far as there may be so many.
    while (this.threads.size < this.#forThreads && this.threads.mayGrow && this.#start());
    for (const call of this.#queue) {
      if (call.isRead) continue
      if (this.threads.isEmpty) {
        this.#stranded.arm()
        return
      }
      try {
        if (!this.#send(call)) return
        this.#queue.delete(call)
      } catch (error) {
        this.#queue.delete(call)
        this.#onLess()
        call.future.setException(error)
      }
    }
  }

  /** Starts a thread. Where none may start, each try costs a call; false when there is no call for it. */
  #start(): boolean {
    try {
      this.threads.start()
      return true
    } catch (error) {
      const pending = [...this.#sent.waiting(), ...this.#queue]
      const call = pending.find(call => (call.slot < 0 ? this.#queue.delete(call) : this.#sent.takeBack(call)))
      call?.future.setException(error)
      if (call) this.#onLess()
      return call !== undefined
    }
  }

  /**
   * False when there is no room for it yet.
   *
   * @throws DataCloneError when an argument cannot be cloned
   */
  #send(call: Call): boolean {
    if (this.#sent.isFull) return false
    // Before a thread can have the result.
    this.#watch.expect()
    if (this.#sent.write(call)) {
      if (!this.#sent.publish(call)) return false
    } else {
      const packed = packCall(call)
      const thread = this.threads.takePlace() ?? this.#wantPlace()
      if (!thread) return false
      thread.send(call, packed)
      if (call.timeout !== Number.POSITIVE_INFINITY) this.#deadlines.set(call, call.timeout)
    }
    // Also after a message: its thread may have been on its way to a call that waits.
    this.#wake()
    return true
  }

  /** A thread that looked for a call, and had a place for it meanwhile, says so when it has found none. */
  #wantPlace(): PoolThread | undefined {
    this.#sent.memory.setWantsPlace()
    return this.threads.takePlace()
  }

  /** Wakes as many threads as it takes for the calls that wait to be seen soon. */
  #wake() {
    const { waiting } = this.#sent.memory.ring
    // What a thread is likely to do counts only as long as somebody will see that it has not.
    if (this.#watch.isAlert) this.threads.wake(waiting)
    else this.threads.wakeFor(waiting)
  }

  #threadOf({ slot }: Call): PoolThread | undefined {
    return this.threads.find(this.#sent.memory.ring.threadOf(slot))
  }

  #onMessage(message: FromThread, thread: PoolThread) {
    if (message.type === 'wake') {
      this.#watch.wake()
      this.dispatch()
    } else if (message.type === 'lost') {
      this.#returns.lose(message.error, thread)
    } else if ('slot' in message) {
      this.#returns.takeAnswer(message)
    }
  }

  #onDone() {
    this.#onLess()
    this.dispatch()
  }

  #onLess() {
    if (this.size === 0) this.#alive.release()
    this.#events.onLess()
  }

  #onThreadEnd(thread: PoolThread, end: PoolThreadEnd) {
    this.#sent.memory.stopLooking(thread.number)
    const lost = this.#sent.of(thread.number)
    // One that cannot start is not replaced for ever: each costs a call.
    const [first] = end.hasFailed ? this.#sent.waiting() : []
    if (lost.length === 0 && first && this.#sent.takeBack(first)) lost.push(first)
    const settle = lost.map(call => takeFromDead(call, thread, end, this.#sent))
    if (this.threads.isEmpty && !this.threads.mayGrow) this.#recall()
    this.#onLess()
    this.dispatch()
    // It may have been the one that was woken for a call that waits, or that was to wake this thread.
    this.#wake()
    this.#watch.wake()
    for (const each of settle) each()
    if (lost.length === 0 && end.error !== undefined) {
      process.emitWarning(`thread ${thread.name} ended with an uncaught error between two calls: ${end.error}`)
    }
  }

  /** No thread will take what was sent ahead: it waits here again, before what was made later. */
  #recall() {
    const calls = [...this.#sent.takeBackAll(), ...this.#queue]
    this.#queue.clear()
    for (const call of calls) this.#queue.add(call)
  }
}
