/**
 * The states of Python's `inspect.getcoroutinestate`: not begun, running at this moment, waiting at a `yield`, ended.
 *
 * @see https://docs.python.org/3/library/inspect.html#inspect.getcoroutinestate
 */
export type CoroutineState = 'CORO_CREATED' | 'CORO_RUNNING' | 'CORO_SUSPENDED' | 'CORO_CLOSED'
