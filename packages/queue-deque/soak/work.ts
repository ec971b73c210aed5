import { threadId, Worker, workerData } from 'node:worker_threads'
import { SharedDeque } from '@fosen/queue-deque'
import { addThread, setThreadTable, TimeoutError } from '@fosen/shared-memory'
import { APPENDED, cell, END, Ledger, mostItems, REFUSED, REST, RESTING, RUN, RUNNING } from './ledger.ts'
import { forms, itemOf, nothing, type SoakData, type Value } from './values.ts'

const data = workerData as SoakData
const { table, parent, cells, slot, isParent } = data
setThreadTable(table)
addThread(threadId, parent)

/** One in so many operations may wait for 5 ms; and one in so many for others, as long as the round lasts. */
const [brief, patient] = [20, 500]

/** Does one operation after the other, as long as it is not to rest. */
async function work(deque: SharedDeque<Value>, ledger: Ledger) {
  const [atOnce, briefly, patiently] = [immediate(deque, ledger), waiting(deque, ledger, 5), waiting(deque, ledger)]
  for (let phase = REST; phase !== END; phase = Atomics.load(cells, cell.phase)) {
    Atomics.store(cells, cell.states + slot, RUNNING)
    if (Atomics.load(cells, cell.phase) !== RUN) {
      Atomics.store(cells, cell.states + slot, RESTING)
      Atomics.wait(cells, cell.phase, REST, 50)
      continue
    }
    if (Math.random() * patient < 1) await pick(patiently)()
    else await timed(pick(Math.random() * brief < 1 ? briefly : atOnce))
    // Where a thread may die: sometimes at its own hand, with promises that wait.
    if (Math.random() < 0.0001) setTimeout(() => process.exit(), 20 * Math.random())
  }
  process.exit()
}

async function timed(operation: () => unknown) {
  const [start, stalled] = [performance.now(), Atomics.load(cells, cell.stalled)]
  await operation()
  const own = 1000 * (performance.now() - start) - (Atomics.load(cells, cell.stalled) - stalled)
  cells[cell.longest + slot] = Math.max(cells[cell.longest + slot] as number, own)
}

const pick = <T>(choices: readonly T[]) => choices[Math.floor(choices.length * Math.random())] as T
const some = () => 1 + Math.floor(10 * Math.random())

/** Makes so many items, and notes what became of them: an append tells how many of them it has added. */
async function make(ledger: Ledger, count: number, append: (values: Value[]) => number | Promise<number>) {
  const first = Atomics.add(cells, cell.next, count)
  if (first + count > mostItems) throw new Error('a round has too many items')
  const items = Array.from({ length: count }, (_, i) => first + i)
  for (const item of items) ledger.begin(item, slot)
  const appended = await append(items.map(item => pick(forms)(item)))
  for (const [i, item] of items.entries()) ledger.end(item, i < appended ? APPENDED : REFUSED)
}

const makeOne = (ledger: Ledger, append: (value: Value) => unknown) =>
  make(ledger, 1, async ([value]) => ((await unlessLate(() => append(value as Value))) === false ? 0 : 1))

/** Notes that it is in a pop that gives so many items at most, until they are noted. */
async function noting(most: number, pop: () => unknown) {
  Atomics.store(cells, cell.calls + slot, most)
  await pop()
  Atomics.store(cells, cell.calls + slot, 0)
}

function take(ledger: Ledger, values: readonly Value[]) {
  for (const item of values.map(itemOf)) if (item !== nothing) ledger.pop(item)
}

const takeOne = (ledger: Ledger, pop: () => Value | undefined | Promise<Value>) =>
  noting(1, async () => {
    const value = await unlessLate(pop)
    if (value !== undefined && value !== false) take(ledger, [value])
  })

const immediate = (deque: SharedDeque<Value>, ledger: Ledger) => [
  () => makeOne(ledger, value => deque.append(value)),
  () => makeOne(ledger, value => deque.appendLeft(value)),
  () => make(ledger, some(), values => deque.pushMany(values)),
  () => make(ledger, some(), values => deque.pushLeftMany(values)),
  () => takeOne(ledger, () => deque.pop()),
  () => takeOne(ledger, () => deque.popLeft()),
  () => noting(10, () => take(ledger, deque.popMany(some()))),
  () => noting(10, () => take(ledger, deque.popLeftMany(some()))),
]

function waiting(deque: SharedDeque<Value>, ledger: Ledger, timeout = Number.POSITIVE_INFINITY) {
  const signal = () => (timeout < Number.POSITIVE_INFINITY ? { signal: AbortSignal.timeout(timeout) } : {})
  return [
    () => makeOne(ledger, value => deque.appendLeftWaitSync(value, timeout)),
    () => makeOne(ledger, value => deque.appendWait(value, { timeout })),
    () => makeOne(ledger, value => deque.appendLeftWait(value, signal())),
    () => takeOne(ledger, () => deque.popWaitSync(timeout)),
    () => takeOne(ledger, () => deque.popLeftWait({ timeout })),
    () => takeOne(ledger, () => deque.popWait(signal())),
    () =>
      noting(3, () =>
        Promise.all(
          [1, 2, 3].map(() => unlessLate(() => deque.popWait({ timeout }).then(value => take(ledger, [value])))),
        ),
      ),
  ]
}

/** What it gives; false when the time was over. */
async function unlessLate<T>(wait: () => T): Promise<Awaited<T> | false> {
  try {
    return await wait()
  } catch (error) {
    if (error instanceof TimeoutError || (error as Error).name === 'TimeoutError') return false
    throw error
  }
}

if (isParent) new Worker(import.meta.filename, { workerData: { ...data, parent: threadId, isParent: false } })
else await work(new SharedDeque<Value>({ buffer: data.buffer }), new Ledger(data.items))
