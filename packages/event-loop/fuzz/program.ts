/**
 * A random program, as data: what `to-python.ts` prints and `run-fosen.ts` runs.
 *
 * Its tasks share one object of each kind, which prelude.py and world.ts make. Each body is started as a task; bodies call
 * later bodies only, so that a program ends. Indexes are taken modulo what there is when the step is taken, and those of
 * tasks and groups are counted from the last.
 */
export interface Program {
  readonly bodies: readonly Block[]
  /** Whether the loop has the eager task factory. */
  readonly eager: boolean
}

export type Block = readonly Step[]

export type Guard = 'lock' | 'semaphore' | 'bounded' | 'condition'
export type QueueName = 'queue' | 'priority' | 'lifo'
export type Until = 'FIRST_COMPLETED' | 'FIRST_EXCEPTION' | 'ALL_COMPLETED'
/** By Python's names. */
export type ErrorName = 'Exception' | 'ValueError' | 'TypeError' | 'RuntimeError' | 'TimeoutError' | 'CancelledError'
/** A list of futures to choose from: `outer` are those of gather and shield, which nobody waits for but who made them. */
export type Kind = 'task' | 'future' | 'outer'

/** What a task can wait for. */
export interface Waits {
  sleep: [ms: number, value: number]
  future: [index: number]
  /** A task that has started after the one that waits, as CPython does not survive the cancellation of a cycle. */
  younger: [index: number]
  /** A later body, run by the task that waits. */
  call: [body: number]
  acquire: [guard: Guard]
  flagged: []
  notified: []
  /** Until the counter is at least that. */
  counted: [atLeast: number]
  put: [queue: QueueName, item: number]
  get: [queue: QueueName]
  join: [queue: QueueName]
  meet: []
  resetBarrier: []
  abortBarrier: []
  gather: [waits: readonly Wait[], returnExceptions: boolean]
  shield: [wait: Wait]
  waitFor: [wait: Wait, ms: number | null]
  wait: [futures: readonly Wait[], until: Until, timeout: number | null]
}

/** What is done at once, and logged with what it gives or throws. */
export interface Ops {
  cancel: [kind: Kind, index: number, message: string | null]
  uncancel: [task: number]
  cancelling: [task: number]
  state: [kind: Kind, index: number]
  setResult: [future: number, value: number]
  setException: [future: number, error: ErrorName, message: string]
  release: [guard: Guard]
  locked: [guard: Guard]
  notify: [count: number]
  notifyAll: []
  setFlag: []
  clearFlag: []
  count: []
  putNowait: [queue: QueueName, item: number]
  getNowait: [queue: QueueName]
  taskDone: [queue: QueueName]
  shutdown: [queue: QueueName, immediate: boolean]
  size: [queue: QueueName]
  barrierState: []
  reschedule: [scope: number, delay: number | null]
  setVariable: [variable: number, value: number]
  getVariable: [variable: number]
  resetVariable: [token: number]
  copyContext: []
  removeCallback: [callback: number]
  cancelHandle: [handle: number]
  /** Sets many timers, of which most are cancelled: more than a heap keeps. */
  burst: []
  /** Schedules many callbacks: more than a queue begins with. */
  flock: []
  who: []
}

type Named<Table> = { [K in keyof Table]: { readonly name: K; readonly args: Table[K] } }[keyof Table]
export type Wait = Named<Waits>
export type Op = Named<Ops>

/** When a callback is called: soon, after a time, at a time relative to now, or when a future is done. */
export type When =
  | readonly ['soon']
  | readonly ['later', ms: number]
  | readonly ['at', delay: number]
  | readonly ['done', kind: Kind, index: number]

export interface Spawn {
  readonly kind: 'spawn'
  readonly wait: Wait
  readonly eager: boolean | null
  /** In which TaskGroup, if any, counted from the last. */
  readonly group: number | null
  /** In which of the contexts that were copied, if any. */
  readonly context: number | null
}

/** A step that does not wait, which a callback can take, too. */
export type SyncStep =
  | { readonly kind: 'op'; readonly op: Op }
  | Spawn
  | { readonly kind: 'callback'; readonly when: When; readonly body: readonly SyncStep[] }
  | { readonly kind: 'raise'; readonly error: ErrorName; readonly message: string }

export interface Try {
  readonly kind: 'try'
  readonly body: Block
  readonly catches: 'cancellation' | 'errors' | 'everything' | 'nothing'
  readonly handler: Block
  readonly reraises: boolean
  /** Without a `return`. */
  readonly final: Block
}

export type Step =
  | SyncStep
  | Try
  /** `guarded`: an error is logged, and the body goes on; not for a cancellation. */
  | { readonly kind: 'await'; readonly wait: Wait; readonly guarded: boolean }
  | {
      readonly kind: 'asCompleted'
      readonly of: readonly Wait[]
      readonly timeout: number | null
      readonly async: boolean
    }
  | { readonly kind: 'timeout'; readonly ms: number | null; readonly body: Block }
  | { readonly kind: 'group'; readonly body: Block }
  | { readonly kind: 'with'; readonly guard: Guard | 'barrier'; readonly body: Block }
  | { readonly kind: 'repeat'; readonly times: number; readonly body: Block }
  | { readonly kind: 'return'; readonly value: number }

/** How a wait stands in the trace. */
export function textOf({ name, args }: Wait): string {
  return [name, ...args.map(textOfArgument)].join(' ')
}

function textOfArgument(argument: unknown): string {
  if (Array.isArray(argument)) return `[${argument.map(textOfArgument).join(', ')}]`
  return typeof argument === 'object' && argument !== null ? `(${textOf(argument as Wait)})` : String(argument)
}

/** The body that a body calls with this number; undefined when there is none after it. */
export function callee(program: Program, caller: number, number: number): number | undefined {
  const later = program.bodies.length - caller - 1
  return later > 0 ? caller + 1 + (number % later) : undefined
}

/** What a coroutine stands in for: a future cannot be made a task. */
export function isCoroutine({ name }: Wait): boolean {
  return !['future', 'younger', 'gather', 'shield'].includes(name)
}
