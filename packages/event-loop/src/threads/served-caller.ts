import type { MessagePort } from 'node:worker_threads'
import { unpark } from '@fosen/shared-memory'
import {
  encodeError,
  type Reference,
  resolveReference,
  transferListOf,
  uncloneable,
  unpackArguments,
} from '@fosen/thread-async/worker'
import type { Co } from '../awaitable.ts'
import { CancelledError, RuntimeError } from '../errors.ts'
import type { EventLoop } from '../event-loop.ts'
import type { Future } from '../future.ts'
import type { Task } from '../task.ts'
import { CancelMarks } from './cancel-marks.ts'
import { Line } from './line.ts'
import type { FromLoop, ToLoop } from './messages.ts'

type Invocation = Extract<ToLoop, { type: 'run' | 'call' }>
type AnyFunction = (...args: never[]) => unknown

export interface CallerEvents {
  /** Another thread is to send to the loop. */
  readonly onConnect: (port: MessagePort) => void
  readonly onStop: () => void
  /** The thread is no more, or has lost its line. */
  readonly onClose: (caller: ServedCaller) => void
}

/** A thread that sends to the loop, as the loop sees it. When it is no more its tasks go on, and nobody is answered. */
export class ServedCaller {
  readonly #loop: EventLoop
  readonly #events: CallerEvents
  readonly #line: Line<ToLoop, FromLoop>
  #parker: Int32Array<SharedArrayBuffer> | undefined
  #marks: CancelMarks | undefined
  readonly #references: Reference[] = []
  readonly #functions: (AnyFunction | undefined)[] = []
  /** What was received and has not begun; who is no longer in here was cancelled. */
  readonly #pending = new Map<number, Invocation>()
  /** Those that wait for a module, or an argument. */
  readonly #resolving = new Set<Invocation>()
  /** They are resolved one after the other, so that what was sent first is scheduled first. */
  #inbox: Promise<void> = Promise.resolve()
  readonly #tasks = new Map<number, Task<unknown>>()
  #isStopping = false

  constructor(loop: EventLoop, port: MessagePort, events: CallerEvents) {
    this.#loop = loop
    this.#events = events
    this.#line = new Line(port, {
      onMessage: message => this.#receive(message),
      // It may have been anything: the thread ends, and so nobody waits for that in vain.
      onLost: error => {
        throw error
      },
      onClose: () => {
        // What nobody will ask for is the exception handler's.
        this.#tasks.clear()
        events.onClose(this)
      },
    })
  }

  /** Refuses what is sent from here on. Resolves when what was sent before is scheduled. */
  stop(): Promise<void> {
    while (this.#line.takeNext());
    this.#isStopping = true
    return this.#inbox
  }

  /** Fails what is not scheduled. */
  giveUp(error: CancelledError): void {
    for (const message of this.#resolving) this.#fail(message, error)
    this.#resolving.clear()
  }

  /** Says that this thread dies. */
  sendCrash(cause: unknown): void {
    this.#line.send({ type: 'crashed', cause: encodeError(cause) })
    this.#wake()
  }

  close(): void {
    this.#line.close()
  }

  #receive(message: ToLoop) {
    if (message.type === 'run' || message.type === 'call') this.#accept(message)
    else if (message.type === 'cancel') this.#cancel(message.id)
    else if (message.type === 'connect') this.#events.onConnect(message.port)
    else if (message.type === 'hello') this.#meet(message.parker, message.marks)
    else this.#events.onStop()
  }

  #meet(parker: Int32Array<SharedArrayBuffer>, marks: SharedArrayBuffer) {
    this.#parker = parker
    this.#marks = new CancelMarks(marks)
  }

  #accept(message: Invocation) {
    const { id, fn, reference, args } = message
    if (reference) this.#references[fn] = reference
    this.#pending.set(id, message)
    const known = this.#functions[fn]
    if (this.#isStopping) {
      this.#fail(message, new RuntimeError('the loop was stopped'))
    } else if (known && this.#resolving.size === 0 && args.shared.length === 0) {
      this.#schedule(message, known, args.values)
    } else {
      this.#resolving.add(message)
      this.#inbox = this.#inbox.then(() => this.#resolve(message))
    }
  }

  async #resolve(message: Invocation): Promise<void> {
    try {
      const fn = await resolveReference(this.#referenceOf(message))
      this.#functions[message.fn] = fn
      const args = await unpackArguments(message.args)
      if (this.#resolving.delete(message)) this.#schedule(message, fn, args)
    } catch (error) {
      this.#resolving.delete(message)
      this.#fail(message, error)
    }
  }

  #schedule(message: Invocation, fn: AnyFunction, args: readonly unknown[]) {
    const { id } = message
    this.#loop.callSoon(() => {
      if (!this.#pending.delete(id) || this.#marks?.has(id)) return
      const make = () => fn(...(args as never[]))
      if (message.type === 'run') this.#run(message, make)
      else this.#call(message, make)
    })
  }

  #call(message: Invocation, callback: () => unknown) {
    try {
      callback()
    } catch (error) {
      this.#tell(message, error)
    }
  }

  #run(message: Invocation, make: () => unknown) {
    const { id } = message
    try {
      const task = this.#loop.createTask(make() as Co<unknown>)
      this.#tasks.set(id, task)
      task.addDoneCallback(done => {
        // Once it was cancelled nobody asks: its outcome is not read, and a failure goes to the exception handler.
        if (this.#tasks.delete(id)) this.#answer(outcomeOf(id, done), message)
      })
    } catch (error) {
      this.#answer({ type: 'error', id, error: encodeError(error) }, message)
    }
  }

  /** It cannot be run, or called; unless it was cancelled, somebody is to hear of it. */
  #fail(message: Invocation, error: unknown) {
    const { id } = message
    if (!this.#pending.delete(id)) return
    const type = error instanceof CancelledError ? 'cancelled' : 'error'
    if (message.type === 'run') this.#answer({ type, id, error: encodeError(error) }, message)
    else this.#tell(message, error)
  }

  #tell(message: Invocation, error: unknown) {
    this.#loop.callExceptionHandler({ message: `Exception in callback ${this.#referenceOf(message).name}`, error })
  }

  #cancel(id: number) {
    this.#tasks.get(id)?.cancel()
    this.#tasks.delete(id)
    this.#pending.delete(id)
  }

  #answer(answer: FromLoop, message: Invocation) {
    try {
      this.#line.send(answer, answer.type === 'value' ? transferListOf(answer.value) : [])
    } catch (cause) {
      if (answer.type !== 'value') throw cause
      // The value cannot be cloned: that fails this coroutine, and nothing else.
      const error = uncloneable(cause, `the result of ${this.#referenceOf(message).name}`, answer.value)
      this.#line.send({ type: 'error', id: answer.id, error: encodeError(error) })
    }
    this.#wake()
  }

  /** It may be blocked. */
  #wake() {
    if (this.#parker) unpark(this.#parker)
  }

  #referenceOf({ fn }: Invocation): Reference {
    return this.#references[fn] as Reference
  }
}

function outcomeOf(id: number, done: Future<unknown>): FromLoop {
  try {
    return { type: 'value', id, value: done.result() }
  } catch (error) {
    return { type: done.cancelled() ? 'cancelled' : 'error', id, error: encodeError(error) }
  }
}
