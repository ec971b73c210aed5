import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { loadCpython } from '@fosen/cpython'
import { expect, test } from 'vitest'
import { Deque } from '../src/index.ts'
import { seededRandom } from './fixtures/random.ts'

const { runProgram } = await loadCpython()
const program = readFileSync(new URL('fixtures/deque_program.py', import.meta.url), 'utf8')

type Step = [name: string, ...args: unknown[]]

/** What `deque_program.py` does to a deque of Python, done to one of ours. */
const steps: Record<string, (deque: Deque<number>, ...args: never[]) => unknown> = {
  append: (deque, x: number) => deque.append(x),
  appendLeft: (deque, x: number) => deque.appendLeft(x),
  pop: deque => deque.pop(),
  popLeft: deque => deque.popLeft(),
  drain(deque, left: boolean, count: number) {
    for (let i = Math.min(count, deque.length); i > 0; i--) left ? deque.popLeft() : deque.pop()
  },
  extend: (deque, xs: number[]) => deque.extend(xs),
  extendLeft: (deque, xs: number[]) => deque.extendLeft(xs),
  extendWithItself: (deque, left: boolean) => (left ? deque.extendLeft(deque) : deque.extend(deque)),
  rotate: (deque, steps: number) => deque.rotate(steps),
  insert: (deque, index: number, x: number) => deque.insert(index, x),
  remove: (deque, x: number) => deque.remove(x),
  removeAt: (deque, index: number) => deque.removeAt(index),
  at: (deque, index: number) => deque.at(index),
  set: (deque, index: number, x: number) => deque.set(index, x),
  index: (deque, x: number, ...range: number[]) => deque.index(x, ...range),
  includes: (deque, x: number) => deque.includes(x),
  count: (deque, x: number) => deque.count(x),
  reverse: deque => deque.reverse(),
  reversed: deque => [...deque.reversed()],
  clear: deque => deque.clear(),
  copy: deque => whole(deque.copy()),
  concat: (deque, xs: number[]) => whole(deque.concat(xs)),
  repeat: (deque, times: number) => whole(deque.repeat(times)),
  equals: (deque, xs: number[]) => deque.equals(new Deque(xs)),
  equalsCopy: deque => deque.equals(new Deque(deque)),
  compare: (deque, xs: number[]) => Math.sign(deque.compare(new Deque(xs), (a, b) => a - b)),
  during(deque, backwards: boolean, taken: number, step: Step) {
    const { length } = deque
    const iterator = backwards && length > 0 ? deque.reversed() : deque.values()
    const most = backwards && length > 0 ? length : length + 1
    for (let i = taken % most; i > 0; i--) iterator.next()
    return [outcome(() => doStep(deque, step)), outcome(() => iterator.next().value)]
  },
}

const doStep = (deque: Deque<number>, [name, ...args]: Step) => steps[name]?.(deque, ...(args as never[]))

const whole = (deque: Deque<number>) => [[...deque], deque.maxlen === Infinity ? null : deque.maxlen]

/** As JSON has it. */
function outcome(call: () => unknown) {
  try {
    return call() ?? null
  } catch (error) {
    return (error as Error).name
  }
}

interface Sequence {
  readonly items: number[]
  readonly maxlen: number | null
  readonly steps: Step[]
}

function doSequence({ items, maxlen, steps }: Sequence) {
  const deque = new Deque(items, { maxlen: maxlen ?? Infinity })
  return [steps.map(step => [outcome(() => doStep(deque, step)), deque.length]), whole(deque)]
}

/** Few numbers, so that many are the same; now and then many of them, so that the ring grows and shrinks. */
function makeSequence(random: () => number): Sequence {
  const integer = (from: number, below: number) => from + Math.floor(random() * (below - from))
  const pick = <T>(values: readonly T[]) => values[integer(0, values.length)] as T
  const coin = () => random() < 0.5
  const x = () => integer(0, 5)
  const index = () => integer(-12, 12)
  const xs = () => Array.from({ length: random() < 0.1 ? integer(0, 150) : integer(0, 6) }, x)
  const changes: (() => Step)[] = [
    () => ['append', x()],
    () => ['appendLeft', x()],
    () => ['pop'],
    () => ['popLeft'],
    () => ['insert', index(), x()],
    () => ['remove', x()],
    () => ['removeAt', index()],
    () => ['set', index(), x()],
    () => ['clear'],
    () => ['reverse'],
  ]
  const maxlen = coin() ? null : pick([0, 1, 5, 16, 17, 40])
  const others: (() => Step)[] = [
    () => ['extend', xs()],
    () => ['extendLeft', xs()],
    () => ['extendWithItself', coin()],
    () => ['drain', coin(), integer(0, 150)],
    () => ['rotate', pick([1, -1, 3, index(), 1e9, -1e9])],
    () => ['index', x(), index(), index()],
    () => ['index', x()],
    () => ['at', index()],
    () => ['includes', x()],
    () => ['count', x()],
    () => ['reversed'],
    () => ['copy'],
    () => ['concat', xs()],
    () => ['repeat', integer(0, 4)],
    () => ['equals', xs()],
    () => ['equalsCopy'],
    () => ['compare', xs()],
    // CPython takes what it drops at once for a change.
    () => ['during', coin(), integer(0, 20), maxlen === 0 ? ['clear'] : pick(changes)()],
  ]
  return { items: xs(), maxlen, steps: Array.from({ length: 30 }, () => pick(coin() ? changes : others)()) }
}

test.for([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  '1000 random sequences of steps do to a deque what they do to one of CPython (seed %i)',
  seed => {
    const random = seededRandom(seed)
    const sequences = Array.from({ length: 1000 }, () => makeSequence(random))
    const theirs = runProgram(program, sequences) as unknown[]
    for (const [i, sequence] of sequences.entries()) {
      const ours = doSequence(sequence)
      // An expectation for each of them takes longer than all the rest.
      if (!isDeepStrictEqual(ours, theirs[i])) expect({ sequence, gives: ours }).toEqual({ sequence, gives: theirs[i] })
    }
  },
)
