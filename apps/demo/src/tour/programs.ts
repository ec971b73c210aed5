export type ProgramOption = 'out' | 'seed' | 'pause' | 'redis-url'

export interface Program {
  readonly file: string
  /** In one line. */
  readonly shows: string
  /** The options of `demo tour` that it takes. */
  readonly options: readonly ProgramOption[]
}

/** In the order of their numbers, of which the first is 1. */
export const programs: readonly Program[] = [
  {
    file: '01-async-call.ts',
    shows: 'a wrapper that runs each call of a function in a thread of its own',
    options: ['out'],
  },
  { file: '02-yield-coroutine.ts', shows: 'a coroutine by hand: next, send and StopIteration', options: [] },
  { file: '03-yield-from.ts', shows: 'yield from any iterable', options: [] },
  { file: '04-run-until-complete.ts', shows: 'the simplest event loop', options: [] },
  { file: '05-create-task.ts', shows: 'a task, before it has run and after', options: [] },
  { file: '06-wait.ts', shows: 'several tasks at the same time, and their results', options: [] },
  { file: '07-call-soon-threadsafe.ts', shows: 'a loop in another thread, which calls functions', options: [] },
  { file: '08-run-coroutine-threadsafe.ts', shows: 'a loop in another thread, which runs coroutines', options: [] },
  {
    file: '09-deque-pipeline.ts',
    shows: 'producer, consumer and loop in three threads, over a deque',
    options: ['seed', 'pause'],
  },
  { file: '10-redis-pipeline.ts', shows: 'the same over a Redis list', options: ['redis-url'] },
]
