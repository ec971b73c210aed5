import { coroutine } from '@fosen/coroutine'
import {
  type Co,
  type CoGenerator,
  EventLoop,
  fromPromise,
  gather,
  getRunningLoop,
  LoopThread,
  Queue,
  runCoroutineThreadsafe,
  sleep,
} from '@fosen/event-loop'
import { reachableBytes } from '../../heap.ts'
import { echo } from './echo.ts'
import { delay, forever, type Peer, sum } from './programs.ts'

export function fosen(): Peer {
  const loop = new EventLoop()
  const thread = new LoopThread()
  const run = <T>(coroutine: Co<T>) => loop.runUntilComplete(coroutine)
  return {
    name: 'fosen',
    programs: {
      spawn: size => run(spawn(size)),
      giveWay: (size, tasks = 1) => run(giveWayTogether(size, tasks)),
      pingPong: size => run(pingPong(size)),
      sleeps: size => run(sleeps(size)),
      callbacks: size => run(callbacks(size)),
      cancel: size => run(cancel(size)),
      deepAwait: (size, levels = 1) => run(deep(levels, size)),
      resolved: size => run(resolved(size)),
      async awaitThread(size) {
        let sum = 0
        for (let i = 0; i < size; i++) sum += await runCoroutineThreadsafe(echo(i), thread)
        return sum
      },
      blockOnThread(size) {
        let sum = 0
        for (let i = 0; i < size; i++) sum += runCoroutineThreadsafe(echo(i), thread).result()
        return sum
      },
    },
    bytesOfSleep: tasks => run(bytesOfSleep(tasks)),
    async close() {
      loop.close()
      await thread.close()
    },
  }
}

const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))

// biome-ignore lint/correctness/useYield: it has nothing to wait for
const identity = coroutine(function* (i: number) {
  return i
})

const spawn = coroutine(function* (size: number) {
  return sum(yield* gather(times(size, identity)))
})

const giveWay = coroutine(function* (turns: number) {
  for (let i = 0; i < turns; i++) yield* sleep(0)
  return turns
})

const giveWayTogether = coroutine(function* (size: number, tasks: number) {
  return sum(yield* gather(times(tasks, () => giveWay(size / tasks))))
})

const pong = coroutine(function* (size: number, requests: Queue<number>, answers: Queue<number>) {
  for (let i = 0; i < size; i++) answers.putNowait((yield* requests.get()) + 1)
})

const pingPong = coroutine(function* (size: number) {
  const requests = new Queue<number>()
  const answers = new Queue<number>()
  const other = getRunningLoop().createTask(pong(size, requests, answers))
  let count = 0
  for (let i = 0; i < size; i++) {
    requests.putNowait(count)
    count = yield* answers.get()
  }
  yield* other
  return count
})

const sleeps = coroutine(function* (size: number) {
  return sum(yield* gather(times(size, i => sleep(delay(i), i))))
})

const callbacks = coroutine(function* (size: number) {
  const loop = getRunningLoop()
  const end = loop.createFuture<number>()
  const call = (count: number) => {
    if (count < size) loop.callSoon(call, count + 1)
    else end.setResult(count)
  }
  loop.callSoon(call, 1)
  return yield* end
})

const asleep = (size: number) => {
  const loop = getRunningLoop()
  return times(size, () => loop.createTask(sleep(forever)))
}

const cancel = coroutine(function* (size: number) {
  const tasks = asleep(size)
  yield* sleep(0)
  for (const task of tasks) task.cancel()
  yield* gather(tasks, { returnExceptions: true })
  return tasks.filter(task => task.cancelled()).length
})

const deep = coroutine(function* (levels: number, turns: number): CoGenerator<number> {
  if (levels > 1) return yield* deep(levels - 1, turns)
  return yield* giveWay(turns)
})

const resolved = coroutine(function* (size: number) {
  let sum = 0
  for (let i = 0; i < size; i++) sum += yield* fromPromise(Promise.resolve(1))
  return sum
})

const bytesOfSleep = coroutine(function* (size: number) {
  const before = reachableBytes()
  const tasks = asleep(size)
  yield* sleep(0)
  const bytes = (reachableBytes() - before) / size
  for (const task of tasks) task.cancel()
  yield* gather(tasks, { returnExceptions: true })
  return bytes
})
