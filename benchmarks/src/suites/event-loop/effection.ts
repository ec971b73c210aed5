import { all, createQueue, type Operation, type Queue, run, sleep, spawn, type Task, until } from 'effection'
import { reachableBytes } from '../../heap.ts'
import { delay, forever, type Peer, sum } from './programs.ts'

export const effection: Peer = {
  name: 'effection 4',
  programs: {
    spawn: size => run(() => gather(size, identity)),
    giveWay: (size, tasks = 1) => run(() => gather(tasks, () => giveWay(size / tasks))),
    pingPong: size => run(() => pingPong(size)),
    sleeps: size => run(() => gather(size, sleepFor)),
    cancel: size => run(() => cancel(size)),
    deepAwait: (size, levels = 1) => run(() => deep(levels, size)),
    resolved: size => run(() => resolved(size)),
  },
  tenths: ['spawn', 'sleeps', 'cancel'],
  bytesOfSleep: tasks => run(() => bytesOfSleep(tasks)),
}

function* gather(size: number, operation: (i: number) => Operation<number>): Operation<number> {
  return sum(yield* all(Array.from({ length: size }, (_, i) => operation(i))))
}

// biome-ignore lint/correctness/useYield: it has nothing to wait for
function* identity(i: number): Operation<number> {
  return i
}

/** Its `sleep(0)` takes a millisecond. */
function* giveWay(turns: number): Operation<number> {
  for (let i = 0; i < turns; i++) yield* until(Promise.resolve())
  return turns
}

function* pong(size: number, requests: Queue<number, never>, answers: Queue<number, never>): Operation<void> {
  for (let i = 0; i < size; i++) answers.add((yield* requests.next()).value + 1)
}

function* pingPong(size: number): Operation<number> {
  const requests = createQueue<number, never>()
  const answers = createQueue<number, never>()
  const other = yield* spawn(() => pong(size, requests, answers))
  let count = 0
  for (let i = 0; i < size; i++) {
    requests.add(count)
    count = (yield* answers.next()).value
  }
  yield* other
  return count
}

function* sleepFor(i: number): Operation<number> {
  yield* sleep(delay(i))
  return i
}

function* asleep(size: number): Operation<Task<void>[]> {
  const tasks: Task<void>[] = []
  for (let i = 0; i < size; i++) tasks.push(yield* spawn(() => sleep(forever)))
  yield* until(Promise.resolve())
  return tasks
}

function* cancel(size: number): Operation<number> {
  const tasks = yield* asleep(size)
  yield* all(tasks.map(task => task.halt()))
  let halted = 0
  for (const task of tasks) {
    try {
      yield* task
    } catch {
      halted++
    }
  }
  return halted
}

function* deep(levels: number, turns: number): Operation<number> {
  if (levels > 1) return yield* deep(levels - 1, turns)
  return yield* giveWay(turns)
}

function* resolved(size: number): Operation<number> {
  let sum = 0
  for (let i = 0; i < size; i++) sum += yield* until(Promise.resolve(1))
  return sum
}

function* bytesOfSleep(size: number): Operation<number> {
  const before = reachableBytes()
  const tasks = yield* asleep(size)
  const bytes = (reachableBytes() - before) / size
  yield* all(tasks.map(task => task.halt()))
  return bytes
}
