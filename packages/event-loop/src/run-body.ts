import type { Body, CoGenerator } from './awaitable.ts'
import { RuntimeError } from './errors.ts'
import { running } from './loop/running-loop.ts'
import { awaitCoroutine } from './native-await.ts'
import { NativeBody } from './native-body.ts'
import { shown } from './shown.ts'

/**
 * Where `@fosen/coroutine` looks for what `await coroutine` does. It is said here, where async functions are run: a bundler
 * leaves out a module that is imported for its effect alone.
 */
const key = Symbol.for('fosen.coroutine.await/1')
const globals = globalThis as { [key]?: (coroutine: object) => Promise<unknown> }
globals[key] = awaitCoroutine

const GeneratorFunction = Object.getPrototypeOf(function* () {})
const AsyncFunction = Object.getPrototypeOf(async () => {})

export function isGeneratorFunction(value: unknown): boolean {
  return typeof value === 'function' && Object.getPrototypeOf(value) === GeneratorFunction
}

function isAsyncFunction(value: unknown): boolean {
  return typeof value === 'function' && Object.getPrototypeOf(value) === AsyncFunction
}

/** @throws TypeError when it is a coroutine function, and not what that gives */
export function checkIsCalled(work: unknown, by: string): void {
  if (!isGeneratorFunction(work)) return
  const name = (work as () => unknown).name || 'main'
  throw new TypeError(`a coroutine is needed, not the function ${name} that makes one: call it, ${by}(${name}())`)
}

/**
 * Runs the body of what stands for an `async with` as part of the current task, and gives what it returns: that of a
 * generator function, or of an async function, which can await what belongs to the loop.
 */
export function* runBody<A extends unknown[], T>(body: Body<A, T>, ...args: A): CoGenerator<T> {
  if (isGeneratorFunction(body)) return yield* body(...args) as CoGenerator<T>
  const { task } = running
  if (!task) throw new RuntimeError('a body is run by a task')
  if (isAsyncFunction(body)) task.loop.checkTakesPromises()
  const native = new NativeBody<T>(task)
  let made: ReturnType<Body<A, T>>
  try {
    made = native.enter(() => body(...args))
  } catch (error) {
    native.drop()
    throw error
  }
  if (typeof made === 'object' && made !== null) {
    if (Symbol.iterator in made) {
      native.drop()
      return yield* made
    }
    if (typeof made.then === 'function') {
      native.follow(made)
      try {
        task.loop.checkTakesPromises()
      } catch (error) {
        native.drop()
        throw error
      }
      return yield* native
    }
  }
  native.drop()
  throw new TypeError(`the body is a generator function or an async function: it gave ${shown(made)}`)
}
