/**
 * The states of Python's `inspect.getcoroutinestate`: not begun, running at this moment, waiting at a `yield`, ended.
 *
 * @see https://docs.python.org/3/library/inspect.html#inspect.getcoroutinestate
 */
export type CoroutineState = 'CORO_CREATED' | 'CORO_RUNNING' | 'CORO_SUSPENDED' | 'CORO_CLOSED'

/** Where a coroutine notes whether it stands at a `yield`: undefined before it begins, false while it runs and once it has ended. */
export const suspended: unique symbol = Symbol('suspended') as never
