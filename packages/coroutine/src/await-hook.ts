/** Where an event loop says how a coroutine is awaited; registered, as this package imports no loop. */
const key = Symbol.for('fosen.coroutine.await/1')
type AwaitHook = (coroutine: object) => Promise<unknown>
const globals = globalThis as { [key]?: AwaitHook }

/** The promise of what a coroutine returns, by the event loop that runs; rejects with TypeError when none does. */
export function awaitHook<R>(coroutine: object): Promise<R> {
  const hook = globals[key]
  if (hook) return hook(coroutine) as Promise<R>
  return Promise.reject(
    new TypeError('a coroutine is awaited in a task of an event loop: run it with loop.createTask(coroutine)'),
  )
}
