import type { AsyncFunction, Awaitable } from './awaitable.ts'
import { Runner, type RunnerOptions } from './runner.ts'

/**
 * Runs a coroutine, or an async function, in an event loop of its own, and cleans up: what a program does in its last line.
 *
 * When it has ended, tasks that are left are cancelled, and waited for; their failures go to the exception handler.
 * Ctrl-C cancels the coroutine, see `Runner`.
 *
 * @param options.debug turns the debug mode of the loop on or off
 * @param options.loopFactory makes the loop; an EventLoop by default
 * @returns what it returns; rejects with what it throws
 * @throws TypeError when it is none of these, nor anything that a coroutine can wait for
 * @throws RuntimeError when a loop runs already
 * @throws KeyboardInterrupt (as a rejection) when Ctrl-C has cancelled it, and it has ended by that
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { run, sleep } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   yield* sleep(10)
 *   return 'done'
 * })
 *
 * console.log(await run(main()))
 * ```
 * ```text
 * done
 * ```
 * @see https://docs.python.org/3/library/asyncio-runner.html#asyncio.run
 */
export function run<T>(main: Awaitable<T> | AsyncFunction<T>, options?: RunnerOptions): Promise<T> {
  const runner = new Runner(options)
  return runner.run(main).finally(() => runner.close())
}
