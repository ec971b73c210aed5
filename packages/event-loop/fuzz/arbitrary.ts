import fc, { type Arbitrary } from 'fast-check'
import {
  type Block,
  type ErrorName,
  type Guard,
  isCoroutine,
  type Kind,
  type Op,
  type Ops,
  type Program,
  type QueueName,
  type Step,
  type SyncStep,
  type Until,
  type Wait,
  type Waits,
  type When,
} from './program.ts'

// Few values, so that deadlines are often equal, and objects often shared.
const ms = fc.constantFrom(0, 1, 2, 3, 5, -1)
const timeout = fc.option(ms, { freq: 4 })
const index = fc.nat(7)
const small = fc.nat(3)
const item = fc.nat(5)
const message = fc.constantFrom('a', 'b', 'c')
const flag = fc.boolean()
const kind = fc.constantFrom<Kind>('task', 'task', 'task', 'future', 'outer')
const guards: readonly Guard[] = ['lock', 'semaphore', 'bounded', 'condition']
const guard = fc.constantFrom(...guards)
const queues: readonly QueueName[] = ['queue', 'priority', 'lifo']
const queue = fc.constantFrom(...queues)
const until = fc.constantFrom<Until>('ALL_COMPLETED', 'FIRST_COMPLETED', 'FIRST_EXCEPTION')
const error = fc.constantFrom<ErrorName>(
  'ValueError',
  'Exception',
  'TypeError',
  'RuntimeError',
  'TimeoutError',
  'CancelledError',
)

type Tuples<Table> = { readonly [K in keyof Table]: readonly [weight: number, args: Arbitrary<Table[K]>] }

/** One of the entries of a table, by their weights: the first ones are what a program is shrunk to. */
function oneOf<Table, T>(table: Tuples<Table>): Arbitrary<T> {
  const entries = Object.entries<readonly [number, Arbitrary<unknown>]>(table)
  const arbitraries = entries.map(([name, [weight, args]]) => ({
    weight,
    arbitrary: args.map(args => ({ name, args })),
  }))
  return fc.oneof(...arbitraries) as Arbitrary<T>
}

const ops: Tuples<Ops> = {
  who: [1, fc.tuple()],
  cancel: [16, fc.tuple(kind, index, fc.option(message))],
  uncancel: [4, fc.tuple(index)],
  cancelling: [2, fc.tuple(index)],
  state: [2, fc.tuple(kind, index)],
  setResult: [4, fc.tuple(small, item)],
  setException: [3, fc.tuple(small, error, message)],
  release: [4, fc.tuple(guard)],
  locked: [1, fc.tuple(guard)],
  notify: [3, fc.tuple(small)],
  notifyAll: [1, fc.tuple()],
  setFlag: [2, fc.tuple()],
  clearFlag: [1, fc.tuple()],
  count: [2, fc.tuple()],
  putNowait: [3, fc.tuple(queue, item)],
  getNowait: [3, fc.tuple(queue)],
  taskDone: [2, fc.tuple(queue)],
  shutdown: [1, fc.tuple(queue, flag)],
  size: [1, fc.tuple(queue)],
  barrierState: [1, fc.tuple()],
  reschedule: [3, fc.tuple(index, timeout)],
  setVariable: [4, fc.tuple(small, item)],
  getVariable: [2, fc.tuple(small)],
  resetVariable: [1, fc.tuple(index)],
  removeCallback: [1, fc.tuple(index)],
  cancelHandle: [1, fc.tuple(index)],
  burst: [1, fc.tuple()],
  flock: [1, fc.tuple()],
}
const op = oneOf<Ops, Op>(ops)

const future: Arbitrary<Wait> = fc.oneof(
  { weight: 1, arbitrary: small.map((n): Wait => ({ name: 'future', args: [n] })) },
  { weight: 3, arbitrary: index.map((n): Wait => ({ name: 'younger', args: [n] })) },
)

/** @param nested whether it is waited for by another wait */
function waits(depth: number, nested: boolean): Arbitrary<Wait> {
  const inner = depth > 0 ? waits(depth - 1, true) : future
  const several = fc.array(inner, { minLength: nested ? 1 : 0, maxLength: 3 })
  const composite = depth > 0 ? 1 : 0
  return oneOf<Waits, Wait>({
    sleep: [12, fc.tuple(ms, item)],
    future: [5, fc.tuple(small)],
    younger: [8, fc.tuple(index)],
    call: [6, fc.tuple(small)],
    acquire: [5, fc.tuple(guard)],
    flagged: [2, fc.tuple()],
    notified: [2, fc.tuple()],
    counted: [2, fc.tuple(small)],
    put: [5, fc.tuple(queue, item)],
    get: [5, fc.tuple(queue)],
    join: [2, fc.tuple(queue)],
    meet: [2, fc.tuple()],
    resetBarrier: [1, fc.tuple()],
    abortBarrier: [1, fc.tuple()],
    gather: [6 * composite, fc.tuple(several, flag)],
    shield: [4 * composite, fc.tuple(inner)],
    waitFor: [6 * composite, fc.tuple(inner, timeout)],
    wait: [5 * composite, fc.tuple(fc.array(future, { minLength: 1, maxLength: 3 }), until, timeout)],
  })
}

const when: Arbitrary<When> = fc.oneof(
  fc.constant<When>(['soon']),
  ms.map<When>(delay => ['later', delay]),
  ms.map<When>(delay => ['at', delay]),
  { weight: 3, arbitrary: fc.tuple(kind, index).map<When>(([kind, index]) => ['done', kind, index]) },
)

const called: Arbitrary<Wait> = small.map(n => ({ name: 'call', args: [n] }))
const spawned = fc.oneof(called, waits(1, false).filter(isCoroutine))

const { release, notify, setResult, putNowait, getNowait } = ops
type Waking = 'release' | 'notify' | 'setResult' | 'putNowait' | 'getNowait'

/** Several wait for the same, and one is cancelled when it was woken and does not run yet: another is to have its place. */
const crowd: Arbitrary<Step[]> = fc
  .tuple(
    waits(0, false).filter(isCoroutine),
    oneOf<Pick<Ops, Waking>, Op>({ release, notify, setResult, putNowait, getNowait }),
    small,
  )
  .map(([wait, wake, task]) => [
    { kind: 'repeat', times: 3, body: [{ kind: 'spawn', wait, eager: null, group: null }] },
    { kind: 'await', wait: { name: 'sleep', args: [0, 0] }, guarded: false },
    { kind: 'op', op: wake },
    { kind: 'op', op: { name: 'cancel', args: ['task', task, null] } },
  ])

function syncStep(depth: number): Arbitrary<SyncStep> {
  return fc.oneof(
    { weight: 20, arbitrary: op.map((op): SyncStep => ({ kind: 'op', op })) },
    {
      weight: 5,
      arbitrary: fc.record<SyncStep & { kind: 'spawn' }>({
        kind: fc.constant('spawn'),
        wait: spawned,
        eager: fc.option(flag, { freq: 3 }),
        group: fc.option(small, { freq: 2 }),
      }),
    },
    { weight: 1, arbitrary: fc.record<SyncStep & { kind: 'raise' }>({ kind: fc.constant('raise'), error, message }) },
    {
      weight: depth > 0 ? 3 : 0,
      arbitrary: fc.record<SyncStep & { kind: 'callback' }>({
        kind: fc.constant('callback'),
        when,
        body: fc.array(
          depth > 0 ? syncStep(depth - 1) : fc.constant<SyncStep>({ kind: 'op', op: { name: 'who', args: [] } }),
          { maxLength: 3 },
        ),
      }),
    },
  )
}

function block(depth: number, maxLength = 4): Arbitrary<Block> {
  const one = step(depth).map(step => [step])
  return fc.array(fc.oneof({ weight: 19, arbitrary: one }, crowd), { maxLength }).map(steps => steps.flat())
}

function step(depth: number): Arbitrary<Step> {
  const simple: fc.WeightedArbitrary<Step>[] = [
    { weight: 14, arbitrary: syncStep(1) },
    {
      weight: 16,
      arbitrary: fc.tuple(waits(2, false), flag).map(([wait, guarded]): Step => ({ kind: 'await', wait, guarded })),
    },
    {
      weight: 1,
      arbitrary: fc.record<Step & { kind: 'asCompleted' }>({
        kind: fc.constant('asCompleted'),
        of: fc.array(waits(1, true), { maxLength: 3 }),
        timeout,
        async: flag,
      }),
    },
    { weight: 1, arbitrary: item.map((value): Step => ({ kind: 'return', value })) },
  ]
  if (depth === 0) return fc.oneof(...simple)
  const inner = block(depth - 1)
  return fc.oneof(
    ...simple,
    { weight: 5, arbitrary: tries(inner) },
    {
      weight: 3,
      arbitrary: fc.tuple(timeout, inner).map(([ms, body]): Step => ({ kind: 'timeout', ms, body })),
    },
    { weight: 3, arbitrary: groups(inner) },
    { weight: 3, arbitrary: withs(inner) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(2), inner).map(([times, body]): Step => ({ kind: 'repeat', times: times + 1, body })),
    },
  )
}

/** A TaskGroup that begins with tasks. */
function groups(inner: Arbitrary<Block>): Arbitrary<Step> {
  const task = spawned.map((wait): Step => ({ kind: 'spawn', wait, eager: null, group: 0 }))
  return fc.tuple(fc.array(task, { maxLength: 3 }), inner).map(([tasks, body]) => {
    return { kind: 'group', body: [...tasks, ...body] }
  })
}

function tries(inner: Arbitrary<Block>): Arbitrary<Step> {
  return fc.record<Step & { kind: 'try' }>({
    kind: fc.constant('try'),
    body: inner,
    catches: fc.constantFrom('cancellation', 'cancellation', 'everything', 'errors', 'nothing'),
    handler: inner,
    reraises: flag,
    final: inner.map(steps => steps.filter(isFinal)),
  })
}

/** Whether a step may stand in a `finally`, which a `return` would end in another way in each language. */
function isFinal(step: Step): boolean {
  if (step.kind === 'return') return false
  if (step.kind === 'try') return [...step.body, ...step.handler].every(isFinal)
  return !('body' in step) || step.body.every(isFinal)
}

function withs(inner: Arbitrary<Block>): Arbitrary<Step> {
  const waiting: Arbitrary<Step> = fc
    .oneof(
      fc.constant<Wait>({ name: 'notified', args: [] }),
      small.map((n): Wait => ({ name: 'counted', args: [n] })),
    )
    .map(wait => ({ kind: 'await', wait, guarded: false }))
  const conditions = fc.tuple(waiting, inner).map(([first, rest]): Step => {
    return { kind: 'with', guard: 'condition', body: [first, ...rest] }
  })
  const any = fc
    .tuple(fc.constantFrom<Guard | 'barrier'>('lock', 'semaphore', 'bounded', 'condition', 'barrier'), inner)
    .map(([guard, body]): Step => ({ kind: 'with', guard, body }))
  return fc.oneof(any, conditions)
}

/** Programs that end, and that both sides can run; without the bias to short ones, in which little happens. */
export const programs: Arbitrary<Program> = fc.noBias(
  fc
    .record({
      bodies: fc.array(block(2, 8), { minLength: 1, maxLength: 4 }),
      eager: fc.nat(9).map(n => n === 9),
      guard: fc.option(guard),
      queue: fc.option(queue),
    })
    .map(({ bodies, eager, guard, queue }) => ({ bodies: focused(bodies, guard, queue), eager })),
)

/** The bodies, with all that is acquired made one, and all queues, unless null is given: to have them fought for. */
function focused(bodies: readonly Block[], guard: Guard | null, queue: QueueName | null): readonly Block[] {
  const focus = (value: unknown) => {
    if (guard && guards.includes(value as Guard)) return guard
    return queue && queues.includes(value as QueueName) ? queue : value
  }
  return JSON.parse(JSON.stringify(bodies), (_key, value) => focus(value))
}
