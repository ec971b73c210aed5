import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout } from 'node:timers/promises'
import { coroutine } from '@fosen/coroutine'
import {
  BlockingEventLoop,
  CancelledError,
  ContextVar,
  currentTask,
  EventLoop,
  gather,
  getRunningLoop,
  Lock,
  sleep,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'

const storage = new AsyncLocalStorage()
const variable = new ContextVar('variable')
const lock = new Lock()

const turn = coroutine(function* turn() {
  yield* sleep(1)
  return currentTask().getName()
})

/** Where the code that asks finds itself: the same after whatever is awaited. */
const place = () => [currentTask().getName(), storage.getStore(), variable.get(), getRunningLoop().isRunning()]

async function walk(name) {
  variable.set(name)
  const places = [place()]
  for (const step of [
    () => sleep(0),
    turn,
    () => setTimeout(1),
    () => Promise.all([turn(), sleep(1), setTimeout(1)]),
    () => getRunningLoop().createTask(turn()),
    () => lock.with(async () => void (await sleep(1))),
    () => gather([turn(), getRunningLoop().createTask(() => setTimeout(1))]),
    () => helper(),
  ]) {
    await step()
    places.push(place())
  }
  for await (const _ of [sleep(0), sleep(0)]) places.push(place())
  assert.deepEqual(places, Array(places.length).fill([name, `storage of ${name}`, name, true]))
  return name
}

async function helper() {
  await sleep(0)
  return await turn()
}

/** Node calls `then` of what is awaited in the AsyncLocalStorage of the function that awaits: tasks know their awaits by it. */
async function knowsItsAwaits(loop) {
  const start = name => storage.run(`storage of ${name}`, () => loop.createTask(() => walk(name), { name }))
  assert.deepEqual(await loop.runUntilComplete(gather([start('a'), start('b')])), ['a', 'b'])
}

async function isCancelledAtItsAwait(loop) {
  const order = []
  const patient = await loop.runUntilComplete(async () => {
    const awaits = [
      () => sleep(60_000),
      () => loop.createFuture(),
      () => Promise.all([sleep(60_000), loop.createFuture()]),
      () => lock.with(async () => void (await sleep(60_000))),
    ]
    for (const wait of awaits) {
      const task = loop.createTask(async () => {
        try {
          await wait()
        } finally {
          await sleep(1)
          order.push('cleaned up')
        }
      })
      await sleep(2)
      task.cancel('enough')
      await assert.rejects(async () => await task, new CancelledError('enough'))
      assert.ok(task.cancelled())
    }
    return order.length
  })
  assert.equal(patient, 4)
}

export async function useAsyncFunctions() {
  for (const loop of [new EventLoop(), new VirtualEventLoop(), new VirtualEventLoop({ seed: 1 })]) {
    await knowsItsAwaits(loop)
    await isCancelledAtItsAwait(loop)
    loop.close()
  }

  const blocking = new BlockingEventLoop()
  assert.deepEqual(blocking.runUntilComplete(gather([1, 2].map(n => blocking.createTask(sleep(n, n))))), [1, 2])
  assert.throws(() => blocking.runUntilComplete(async () => {}), /use EventLoop/)
  blocking.close()
}
