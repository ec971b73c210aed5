import { type MessagePort, threadId } from 'node:worker_threads'
import { portable, WorkerCrashedError } from '@fosen/thread-async'
import { CancelledError } from '../errors.ts'
import { EventLoop } from '../event-loop.ts'
import { LoopState } from './loop-state.ts'
import { ServedCaller } from './served-caller.ts'

/** How long a stop waits for modules that are being imported, in milliseconds. */
const patience = 2_000

/** How often a loop that several threads use tells how busy it is, in milliseconds. */
const interval = 100

/**
 * Runs an event loop in this thread for the threads that send to it, until one of them stops it.
 *
 * @param memory of a LoopState
 * @param port of the line to the thread that started this one
 */
export const serveLoop = portable(import.meta, async function serveLoop(memory: SharedArrayBuffer, port: MessagePort) {
  const server = new LoopServer(new LoopState(memory))
  server.accept(port)
  await server.run()
})

class LoopServer {
  readonly #loop = new EventLoop()
  readonly #state: LoopState
  readonly #callers = new Set<ServedCaller>()
  #isStopping = false
  #telling: NodeJS.Timeout | undefined

  constructor(state: LoopState) {
    this.#state = state
  }

  accept(port: MessagePort): void {
    const caller = new ServedCaller(this.#loop, port, {
      onConnect: port => {
        this.#tellIdle()
        this.accept(port)
      },
      onStop: () => void this.#stop(),
      onClose: caller => this.#callers.delete(caller),
    })
    this.#callers.add(caller)
    if (this.#isStopping) void caller.stop()
  }

  async run(): Promise<void> {
    this.#state.setThread(threadId)
    const endWatch = this.#tellOfCrash()
    await this.#loop.runForever()
    await this.#cancelAll()
    this.#loop.close()
    endWatch()
    clearInterval(this.#telling)
    this.#state.end()
    for (const caller of this.#callers) caller.close()
  }

  /** Behind what was received before, unless that waits for a module whose import does not end. */
  async #stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patience)
    // Those are among them whose connection was sent before, and is found on the way.
    const stopped = Array.from(this.#callers, caller => caller.stop())
    await Promise.race([Promise.all(stopped), promise])
    clearTimeout(timer)
    const error = new CancelledError(`the loop was stopped, and the module was not imported ${patience} ms later`)
    for (const caller of this.#callers) caller.giveUp(error)
    this.#loop.stop()
  }

  /** Cancels the tasks that are left, whoever made them, and runs the loop until they have cleaned up. */
  async #cancelAll(): Promise<void> {
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

  /** The thread that has started this one can see for itself how busy it is; others cannot. */
  #tellIdle() {
    if (this.#telling) return
    this.#state.tellIdle()
    this.#telling = setInterval(() => this.#state.tellIdle(), interval).unref()
  }

  /** From here on all callers hear of it when the thread dies of an error, or exits. Gives what ends that. */
  #tellOfCrash(): () => void {
    let cause: unknown
    const onUncaught = (error: unknown) => {
      // One that the thread's own code handles is not its end.
      if (process.listenerCount('uncaughtException') === 0) cause ??= error
    }
    const onExit = (code: number) => {
      const error = cause ?? new WorkerCrashedError(`it ended with exit code ${code}`)
      this.#state.crash(() => {
        for (const caller of this.#callers) caller.sendCrash(error)
      })
    }
    process.on('uncaughtExceptionMonitor', onUncaught).on('exit', onExit)
    return () => process.off('uncaughtExceptionMonitor', onUncaught).off('exit', onExit)
  }
}
