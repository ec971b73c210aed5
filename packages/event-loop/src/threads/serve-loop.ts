import type { MessagePort } from 'node:worker_threads'
import { unpark } from '@fosen/shared-memory'
import { portable } from '@fosen/thread-async'
import { encodeError, resolveReference, transferListOf, uncloneable, unpackArguments } from '@fosen/thread-async/worker'
import type { Co } from '../awaitable.ts'
import { CancelledError } from '../errors.ts'
import { EventLoop } from '../event-loop.ts'
import type { Future } from '../future.ts'
import type { Handle } from '../loop/handle.ts'
import type { Task } from '../task.ts'
import type { FromLoop, ToLoop } from './messages.ts'

type Invocation = Extract<ToLoop, { type: 'run' | 'call' }>

/** How long a stop waits for modules that are being imported, in milliseconds. */
const patience = 2_000

/**
 * Runs an event loop in this thread for the LoopThread at the other end of the port, until it is told to stop.
 *
 * @param caller the memory by which the LoopThread's thread is woken when it is blocked
 */
export const serveLoop = portable(import.meta, async function serveLoop(port: MessagePort, caller: SharedArrayBuffer) {
  const loop = new EventLoop()
  const server = new LoopServer(loop, port, new Int32Array(caller))
  port.on('message', (message: ToLoop) => server.receive(message))
  await loop.runForever()
  await server.cancelAll()
  loop.close()
  port.close()
})

class LoopServer {
  readonly #loop: EventLoop
  readonly #port: MessagePort
  readonly #caller: Int32Array<SharedArrayBuffer>
  readonly #handles = new Map<number, Handle>()
  readonly #tasks = new Map<number, Task<unknown>>()
  /** What was received and waits for its module; who is no longer in here was cancelled. */
  readonly #resolving = new Map<number, Invocation>()
  /** Modules are imported one after the other, so that what was sent first is scheduled first. */
  #inbox: Promise<void> = Promise.resolve()

  constructor(loop: EventLoop, port: MessagePort, caller: Int32Array<SharedArrayBuffer>) {
    this.#loop = loop
    this.#port = port
    this.#caller = caller
  }

  receive(message: ToLoop): void {
    if (message.type === 'cancel') {
      this.#cancel(message.id)
    } else if (message.type === 'stop') {
      void this.#stop()
    } else {
      this.#resolving.set(message.id, message)
      this.#inbox = this.#inbox.then(() => this.#schedule(message))
    }
  }

  /** Cancels the tasks that are left, whoever made them, and runs the loop until they have cleaned up. */
  async cancelAll(): Promise<void> {
    const tasks = [...this.#loop.tasks]
    if (tasks.length === 0) return
    const ended = this.#loop.createFuture<void>()
    let left = tasks.length
    for (const task of tasks) {
      task.cancel('the loop was stopped')
      // Not by gather, which would take the failures that nobody but the exception handler hears of.
      task.addDoneCallback(() => --left === 0 && ended.setResult())
    }
    await this.#loop.runUntilComplete(ended)
  }

  /** Behind what was received before, unless that waits for a module whose import does not end. */
  async #stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patience)
    await Promise.race([this.#inbox, promise])
    clearTimeout(timer)
    const error = new CancelledError(`the loop was stopped, and the module was not imported ${patience} ms later`)
    for (const message of this.#resolving.values()) this.#fail(message, error)
    this.#loop.stop()
  }

  async #schedule(message: Invocation): Promise<void> {
    const { id } = message
    try {
      const fn = await resolveReference(message.reference)
      const args = (await unpackArguments(message.args)) as never[]
      if (!this.#resolving.delete(id)) return
      const handle = this.#loop.callSoon(() => {
        this.#handles.delete(id)
        const { name } = message.reference
        if (message.type === 'run') this.#run(id, name, () => fn(...args))
        else this.#call(name, () => fn(...args))
      })
      this.#handles.set(id, handle)
    } catch (error) {
      this.#fail(message, error)
    }
  }

  /** It cannot be run, or called; unless it was cancelled, somebody is to hear of it. */
  #fail(message: Invocation, error: unknown) {
    if (!this.#resolving.delete(message.id)) return
    const type = error instanceof CancelledError ? 'cancelled' : 'error'
    if (message.type === 'run') this.#answer({ type, id: message.id, error: encodeError(error) })
    else this.#tell(message.reference.name, error)
  }

  #call(name: string, callback: () => unknown) {
    try {
      callback()
    } catch (error) {
      this.#tell(name, error)
    }
  }

  #tell(name: string, error: unknown) {
    this.#loop.callExceptionHandler({ message: `Exception in callback ${name}`, error })
  }

  #run(id: number, name: string, make: () => unknown) {
    try {
      const task = this.#loop.createTask(make() as Co<unknown>)
      this.#tasks.set(id, task)
      task.addDoneCallback(done => {
        // Once it was cancelled nobody asks: its outcome is not read, and a failure goes to the exception handler.
        if (this.#tasks.delete(id)) this.#answer(outcomeOf(id, done), name)
      })
    } catch (error) {
      this.#answer({ type: 'error', id, error: encodeError(error) })
    }
  }

  #cancel(id: number) {
    this.#tasks.get(id)?.cancel()
    this.#tasks.delete(id)
    this.#handles.get(id)?.cancel()
    this.#handles.delete(id)
    this.#resolving.delete(id)
  }

  #answer(message: FromLoop, name = '') {
    try {
      this.#port.postMessage(message, message.type === 'value' ? transferListOf(message.value) : [])
    } catch (cause) {
      if (message.type !== 'value') throw cause
      // The value cannot be cloned: that fails this coroutine, and nothing else.
      const error = encodeError(uncloneable(cause, `the result of ${name}`, message.value))
      this.#port.postMessage({ type: 'error', id: message.id, error } satisfies FromLoop)
    }
    unpark(this.#caller)
  }
}

function outcomeOf(id: number, done: Future<unknown>): FromLoop {
  try {
    return { type: 'value', id, value: done.result() }
  } catch (error) {
    return { type: done.cancelled() ? 'cancelled' : 'error', id, error: encodeError(error) }
  }
}
