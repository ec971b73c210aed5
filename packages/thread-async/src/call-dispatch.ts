import { TimeoutError } from '@fosen/shared-memory'
import type { Call } from './call.ts'
import { Deadline } from './deadline.ts'
import { WorkerCrashedError } from './errors.ts'
import { runInline } from './inline-call.ts'
import { keepAlive } from './keep-alive.ts'
import type { PoolSettings } from './pool-options.ts'
import type { PoolThread, PoolThreadEnd } from './pool-thread.ts'
import { isGenerator, isPlain } from './portable.ts'
import { ResultWatch } from './result-watch.ts'
import { SentCalls } from './sent-calls.ts'
import { StrandedCalls } from './stranded-calls.ts'
import { ThreadGroup } from './thread-group.ts'
import { decodeError } from './wire/error-codec.ts'
import type { FromThread } from './wire/messages.ts'
import { keepArguments, packArguments, type WireArguments } from './wire/wire-arguments.ts'

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
  readonly #stranded = new StrandedCalls(isBlocked => this.#runStranded(isBlocked))
  #inline = 0
  #holds = false

  constructor(settings: PoolSettings, events: DispatchEvents) {
    this.#settings = settings
    this.#events = events
    this.#sent = new SentCalls(settings.max * settings.concurrency)
    this.threads = new ThreadGroup(settings, this.#sent, {
      onResult: slot => this.#onResult(slot),
      onMessage: (message, thread) => this.#onMessage(message, thread),
      onSleep: () => this.#wakeForAll(),
      onBroken: events.onBroken,
      onEnd: (thread, end) => this.#onThreadEnd(thread, end),
    })
    this.#watch = new ResultWatch({
      memory: this.#sent.memory,
      takeResults: () => this.#takeResults(),
      hasResult: () => [...this.threads].some(thread => thread.cells.hasResult),
      isExpecting: () => this.#sent.size > 0,
      onSleep: () => this.#wakeForAll(),
    })
  }

  /** Calls that are not done. */
  get size(): number {
    return this.#queue.size + this.#sent.size + this.#inline
  }

  /** Calls that wait for a thread. */
  get queued(): number {
    return Math.max(0, this.size - this.#inline - this.threads.size * this.#settings.concurrency)
  }

  submit(call: Call): void {
    this.#queue.add(call)
    this.#onMore()
    this.dispatch()
    if (this.#queue.has(call)) this.#keep(call)
  }

  /** Takes a call back that waits; tells the function when it runs, and ends its thread when it goes on for too long. */
  withdraw(call: Call, reason: unknown): void {
    if (this.#queue.delete(call)) {
      this.#onLess()
    } else if (call.slot >= 0 && this.#sent.takeBack(call)) {
      this.#onLess()
      this.dispatch()
    } else if (call.slot >= 0) {
      this.#sent.memory.cancel(call.slot, call.id)
      this.#threadOf(call)?.cancel(call, reason)
      this.#setDeadline(call, call.grace)
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
    const calls = [...this.#queue, ...this.#sent.waiting()]
    this.#queue.clear()
    for (const call of calls) if (call.slot >= 0) this.#sent.takeBack(call)
    for (const { number } of this.threads) calls.push(...this.#sent.of(number))
    for (const { future } of calls) future.setException(error)
    this.#onLess()
  }

  /** Sends what can be sent. */
  dispatch(): void {
    // One for each call, as far as there may be so many.
    while (this.threads.size < this.size - this.#inline && this.threads.mayGrow && this.#start());
    for (const call of this.#queue) {
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
    if (!call.needsMessage && !call.message && this.#sent.write(call)) return this.#publish(call)
    const thread = this.threads.takePlace() ?? this.#wantPlace()
    if (!thread) return false
    if (!call.message) this.#pack(call)
    thread.send(call)
    if (call.timeout !== Number.POSITIVE_INFINITY) this.#setDeadline(call, call.timeout)
    // The thread may have been on its way to a call that waits.
    this.#wake()
    return true
  }

  /** A thread that looked for a call, and had a place for it meanwhile, says so when it has found none. */
  #wantPlace(): PoolThread | undefined {
    this.#sent.memory.setWantsPlace()
    return this.threads.takePlace()
  }

  #publish(call: Call): boolean {
    if (!this.#sent.publish(call)) return false
    this.#wake()
    return true
  }

  /** Wakes as many threads as it takes for the calls that wait to be seen soon. */
  #wake() {
    let { waiting } = this.#sent.memory.ring
    for (const { looksFor } of this.threads) waiting -= looksFor
    for (const thread of this.threads) if (waiting > 0 && thread.wake()) waiting--
  }

  /** As #wake, when a thread that was likely to see to the calls has not done so. */
  #wakeForAll() {
    let { waiting } = this.#sent.memory.ring
    for (const thread of this.threads) if (waiting > 0 && thread.wake()) waiting--
  }

  /** A call that waits has its arguments as they are, whatever becomes of them until it runs. */
  #keep(call: Call) {
    try {
      this.#pack(call)
      const packed = { args: call.message as WireArguments, transfer: call.transfer }
      const { args, transfer } = keepArguments(packed, call.reference.name)
      call.message = args
      call.transfer = transfer
    } catch (error) {
      this.withdraw(call, error)
      call.future.setException(error)
    }
  }

  #pack(call: Call) {
    const { args, transfer } = packArguments(call.given, call.transfer)
    call.message = args
    call.transfer = transfer
  }

  #threadOf({ slot }: Call): PoolThread | undefined {
    return this.threads.find(this.#sent.memory.ring.threadOf(slot))
  }

  #takeResults(): boolean {
    let any = false
    for (const thread of this.threads) while (thread.takeResult()) any = true
    return any
  }

  #onResult(slot: number) {
    const call = this.#sent.at(slot)
    if (!call) return
    const value = this.#sent.memory.result(slot)
    this.#release(call)
    call.future.setResult(value)
  }

  #onMessage(message: FromThread, thread: PoolThread) {
    if (message.type === 'wake') this.#onWake()
    else if (message.type === 'lost') this.#onLost(message.error, thread)
    else if ('slot' in message) this.#onAnswer(message, this.#sent.at(message.slot, message.id))
  }

  #onWake() {
    this.#watch.wake()
    this.dispatch()
  }

  #onAnswer(message: Extract<FromThread, { slot: number }>, call: Call | undefined) {
    if (!call) return
    if (message.type === 'item') {
      call.stream?.push(message.value)
      return
    }
    this.#release(call)
    if (message.type === 'value') call.future.setResult(message.value)
    else call.future.setException(decodeError(message.error))
  }

  /** Nobody knows which call's message it was. */
  #onLost(error: unknown, thread: PoolThread) {
    void thread.terminate()
    for (const { future } of [...this.#sent.of(thread.number)]) future.setException(error)
  }

  /** Before anybody is told that the call is done: a callback may block on a call that waits for this room. */
  #release(call: Call) {
    this.#sent.release(call)
    call.deadline?.clear()
    this.#onLess()
    this.dispatch()
  }

  /** The process lives as long as there are calls: also one that waits for an idle thread to say that it has a place. */
  #onMore() {
    if (this.#holds || this.#settings.daemon) return
    this.#holds = true
    keepAlive.hold()
  }

  #onLess() {
    if (this.#holds && this.size === 0) {
      this.#holds = false
      keepAlive.release()
    }
    this.#events.onLess()
  }

  #setDeadline(call: Call, milliseconds: number) {
    call.deadline?.clear()
    call.deadline = new Deadline(milliseconds, () => this.#onDeadline(call))
  }

  #onDeadline(call: Call) {
    const { future, timeout, reference } = call
    if (future.done()) {
      // Cancelled, and still running when its grace is over.
      if (this.#threadOf(call)?.endUnlessDone(call) === false) this.#setDeadline(call, 1)
      return
    }
    // Its answer may be there, and this thread have been too busy to read it.
    this.#threadOf(call)?.drain()
    if (future.done()) return
    const error = new TimeoutError(`${reference.name} did not end within ${timeout} ms`)
    this.withdraw(call, error)
    future.setException(error)
  }

  #onThreadEnd(thread: PoolThread, end: PoolThreadEnd) {
    this.#sent.memory.stopLooking(thread.number)
    const lost = [...this.#sent.of(thread.number)]
    // One that cannot start is not replaced for ever: each costs a call.
    const [first] = end.hasFailed ? this.#sent.waiting() : []
    if (lost.length === 0 && first && this.#sent.takeBack(first)) lost.push(first)
    const settle = lost.map(call => this.#end(call, thread, end))
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

  /** The call's thread is no more. Gives what settles the call: with its result, if the thread had finished it. */
  #end(call: Call, thread: PoolThread, { exitCode, error }: PoolThreadEnd): () => void {
    const { slot, future, reference } = call
    const { memory } = this.#sent
    const value = slot >= 0 && memory.ring.isDone(slot) ? { result: memory.result(slot) } : undefined
    if (slot >= 0) this.#sent.release(call)
    call.deadline?.clear()
    if (value) return () => future.setResult(value.result)
    const how =
      error !== undefined ? ' with an uncaught error' : exitCode === undefined ? '' : ` with exit code ${exitCode}`
    const cause = error === undefined ? undefined : { cause: error }
    const crash = new WorkerCrashedError(`thread ${thread.name} ended${how} while it ran ${reference.name}`, cause)
    return () => future.setException(crash)
  }

  /** No thread will take what was sent ahead: it waits here again, before what was made later. */
  #recall() {
    const later = [...this.#queue]
    this.#queue.clear()
    for (const call of this.#sent.waiting()) if (this.#sent.recall(call)) this.#queue.add(call)
    for (const call of later) this.#queue.add(call)
  }

  /** Runs a call that no thread will take; see StrandedCalls. */
  #runStranded(isBlocked: boolean) {
    const [call] = this.#queue
    if (call) {
      // What needs the event loop of its thread cannot run in one that is blocked; a stream runs as it is read, and
      // nothing can end a call of this thread when its time is over.
      const { reference, timeout } = call
      const needsThread = isGenerator(reference) || timeout !== Number.POSITIVE_INFINITY
      if (needsThread || (isBlocked && !isPlain(reference))) {
        this.#start()
      } else {
        this.#queue.delete(call)
        this.#runInline(call, isBlocked)
      }
    }
    this.dispatch()
  }

  #runInline(call: Call, isBlocked: boolean) {
    this.#inline++
    call.future.setRunning()
    call.future.onceSettled(() => {
      this.#inline--
      this.#onLess()
    })
    runInline(call, isBlocked)
  }
}
