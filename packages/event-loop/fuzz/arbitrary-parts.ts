import fc, { type Arbitrary } from 'fast-check'
import type { ErrorName, Guard, Kind, Op, Ops, QueueName, Until, Wait, Waits, When } from './program.ts'

// Few values, so that deadlines are often equal, and objects often shared.
export const ms = fc.constantFrom(0, 1, 2, 3, 5, -1)
export const timeout = fc.option(ms, { freq: 4 })
export const index = fc.nat(7)
export const small = fc.nat(3)
export const item = fc.nat(5)
export const message = fc.constantFrom('a', 'b', 'c')
export const flag = fc.boolean()
const kind = fc.constantFrom<Kind>('task', 'task', 'task', 'future', 'outer')
export const guards: readonly Guard[] = ['lock', 'semaphore', 'bounded', 'condition']
export const guard = fc.constantFrom(...guards)
export const queues: readonly QueueName[] = ['queue', 'priority', 'lifo']
export const queue = fc.constantFrom(...queues)
const until = fc.constantFrom<Until>('ALL_COMPLETED', 'FIRST_COMPLETED', 'FIRST_EXCEPTION')
export const error = fc.constantFrom<ErrorName>(
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

export const op = oneOf<Ops, Op>({
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
  copyContext: [2, fc.tuple()],
  removeCallback: [1, fc.tuple(index)],
  cancelHandle: [1, fc.tuple(index)],
  burst: [1, fc.tuple()],
  flock: [1, fc.tuple()],
})

const future: Arbitrary<Wait> = fc.oneof(
  { weight: 1, arbitrary: small.map((n): Wait => ({ name: 'future', args: [n] })) },
  { weight: 3, arbitrary: index.map((n): Wait => ({ name: 'younger', args: [n] })) },
)

/** @param nested whether it is waited for by another wait */
export function waits(depth: number, nested: boolean): Arbitrary<Wait> {
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

export const when: Arbitrary<When> = fc.oneof(
  fc.constant<When>(['soon']),
  ms.map<When>(delay => ['later', delay]),
  ms.map<When>(delay => ['at', delay]),
  { weight: 3, arbitrary: fc.tuple(kind, index).map<When>(([kind, index]) => ['done', kind, index]) },
)
