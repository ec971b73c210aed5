import fc, { type Arbitrary } from 'fast-check'
import {
  error,
  flag,
  guard,
  guards,
  item,
  message,
  op,
  queue,
  queues,
  small,
  timeout,
  waits,
  when,
} from './arbitrary-parts.ts'
import {
  type Block,
  type Guard,
  isCoroutine,
  type Op,
  type Program,
  type QueueName,
  type Spawn,
  type Step,
  type SyncStep,
  type Wait,
} from './program.ts'

function often<T>(weight: number, arbitrary: Arbitrary<T>): fc.WeightedArbitrary<T> {
  return { weight, arbitrary }
}

const called: Arbitrary<Wait> = small.map(n => ({ name: 'call', args: [n] }))
const spawned = fc.oneof(called, waits(1, false).filter(isCoroutine))

function starts(wait: Wait, group: number | null): Step {
  return { kind: 'spawn', wait, eager: null, group, context: null }
}

function waitsFor(wait: Wait): Step {
  return { kind: 'await', wait, guarded: false }
}

function does(op: Op): SyncStep {
  return { kind: 'op', op }
}

/** What several can wait for, and what wakes the first of them, or all. */
const encounter: Arbitrary<readonly [Wait, Op]> = fc.oneof(
  guard.map(of => pair({ name: 'acquire', args: [of] }, { name: 'release', args: [of] })),
  fc.tuple(queue, item).map(([of, n]) => pair({ name: 'get', args: [of] }, { name: 'putNowait', args: [of, n] })),
  fc.tuple(queue, item).map(([of, n]) => pair({ name: 'put', args: [of, n] }, { name: 'getNowait', args: [of] })),
  queue.map(of => pair({ name: 'join', args: [of] }, { name: 'taskDone', args: [of] })),
  fc.constant(pair({ name: 'flagged', args: [] }, { name: 'setFlag', args: [] })),
)

function pair(wait: Wait, wake: Op): readonly [Wait, Op] {
  return [wait, wake]
}

const cancel = small.map((task): Op => ({ name: 'cancel', args: ['task', task, null] }))

/** Before those who were woken run, one of them is cancelled, so that another is to have its place, or something else happens. */
const crowd: Arbitrary<Step[]> = fc
  .tuple(
    encounter,
    fc.oneof(often(3, cancel), often(1, fc.constant<Op>({ name: 'clearFlag', args: [] })), often(1, op)),
  )
  .map(([[wait, wake], then]) => [
    { kind: 'repeat', times: 3, body: [starts(wait, null)] },
    waitsFor({ name: 'sleep', args: [0, 0] }),
    does(wake),
    does(then),
  ])

const spawn: Arbitrary<SyncStep> = fc.record<Spawn>({
  kind: fc.constant('spawn'),
  wait: spawned,
  eager: fc.option(flag, { freq: 3 }),
  group: fc.option(small, { freq: 2 }),
  context: fc.option(small, { freq: 1 }),
})

const raise = fc.tuple(error, message).map(([error, message]): SyncStep => ({ kind: 'raise', error, message }))

function syncStep(depth: number): Arbitrary<SyncStep> {
  const simple = [often(20, op.map(does)), often(5, spawn), often(1, raise)]
  if (depth === 0) return fc.oneof(...simple)
  const callback = fc
    .tuple(when, fc.array(syncStep(depth - 1), { maxLength: 3 }))
    .map(([when, body]): SyncStep => ({ kind: 'callback', when, body }))
  return fc.oneof(...simple, often(3, callback))
}

function block(depth: number, maxLength = 4): Arbitrary<Block> {
  const one = step(depth).map(step => [step])
  return fc.array(fc.oneof(often(19, one), crowd), { maxLength }).map(steps => steps.flat())
}

const awaits = fc.tuple(waits(2, false), flag).map(([wait, guarded]): Step => ({ kind: 'await', wait, guarded }))

const completed = fc
  .tuple(fc.array(waits(1, true), { maxLength: 3 }), timeout, flag)
  .map(([of, timeout, async]): Step => ({ kind: 'asCompleted', of, timeout, async }))

function step(depth: number): Arbitrary<Step> {
  const returns = item.map((value): Step => ({ kind: 'return', value }))
  const simple = [often<Step>(14, syncStep(1)), often(16, awaits), often(1, completed), often(1, returns)]
  if (depth === 0) return fc.oneof(...simple)
  const inner = block(depth - 1)
  const timeouts = fc.tuple(timeout, inner).map(([ms, body]): Step => ({ kind: 'timeout', ms, body }))
  const repeats = fc
    .tuple(fc.integer({ min: 1, max: 3 }), inner)
    .map(([times, body]): Step => ({ kind: 'repeat', times, body }))
  return fc.oneof(
    ...simple,
    often(5, tries(inner)),
    often(3, timeouts),
    often(3, groups(inner)),
    often(3, withs(inner)),
    often(1, repeats),
  )
}

/** A TaskGroup that begins with tasks. */
function groups(inner: Arbitrary<Block>): Arbitrary<Step> {
  const task = spawned.map(wait => starts(wait, 0))
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

/** What is done under the lock of the condition. */
const held: Arbitrary<readonly Step[]> = fc.oneof<Arbitrary<readonly Step[]>[]>(
  fc.constant([waitsFor({ name: 'notified', args: [] })]),
  small.map(n => [waitsFor({ name: 'counted', args: [n] })]),
  small.map(n => [does({ name: 'count', args: [] }), does({ name: 'notify', args: [n] })]),
)

function withs(inner: Arbitrary<Block>): Arbitrary<Step> {
  const conditions = fc
    .tuple(held, inner)
    .map(([first, rest]): Step => ({ kind: 'with', guard: 'condition', body: [...first, ...rest] }))
  const any = fc
    .tuple(fc.constantFrom<Guard | 'barrier'>(...guards, 'barrier'), inner)
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
