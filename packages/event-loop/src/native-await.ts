import type { CoGenerator } from './awaitable.ts'
import { RuntimeError } from './errors.ts'
import { isCoroutine } from './is-coroutine.ts'
import { currentBody } from './loop/running-loop.ts'
import type { NativeBody } from './native-body.ts'
import { Stepper } from './stepper.ts'
import { isTaken, markTaken, takenMessage } from './taken.ts'
import type { Task } from './task.ts'

/** A coroutine that an async function of a task awaits: it runs as part of that task, from the `await` on. */
class NativeAwait<T> extends Stepper<T> {
  readonly #body: NativeBody<unknown>

  constructor(coroutine: CoGenerator<T>, body: NativeBody<unknown>) {
    super(coroutine, body.loop, body.task.getContext())
    this.#body = body
    markTaken(coroutine)
    this.runEagerly()
    if (!this.done()) body.add(this as Stepper<unknown>)
  }

  override get identity(): Task<unknown> {
    return this.#body.task.identity
  }

  /** As in Python, awaiting a coroutine is not where the task waits: the cancellation is for its next wait. */
  protected override endInterrupted(value: T, message: string | undefined): void {
    this.#body.task.interrupt(message)
    this.finish(value)
  }

  protected override onEnd(): void {}

  protected override describe(): string {
    return this.identity.toString()
  }
}

/** What `await coroutine` does. */
export function awaitCoroutine(coroutine: object): Promise<unknown> {
  const body = currentBody()
  if (!body) {
    return Promise.reject(
      new TypeError('a coroutine is awaited in an async function that is a task: use loop.createTask(coroutine)'),
    )
  }
  if (body.loop.isClosed()) return Promise.reject(new RuntimeError('Event loop is closed'))
  if (!isCoroutine(coroutine)) return Promise.reject(new TypeError('a coroutine is needed'))
  if (isTaken(coroutine)) return Promise.reject(new RuntimeError(takenMessage))
  return new NativeAwait(coroutine, body).promise()
}
