import {
  createTask,
  currentTask,
  EventLoop,
  getRunningLoop,
  newEventLoop,
  RuntimeError,
  sleep,
  timeout,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { describe, expect, test } from 'vitest'

describe('createTask', () => {
  test('needs a running loop', () => {
    const work = sleep(0)
    expect(() => createTask(work)).toThrow(RuntimeError)
    const loop = new VirtualEventLoop()
    expect(loop.runUntilCompleteSync(work)).toBeUndefined()
    loop.close()
  })

  test('makes the task in the loop that runs, of a coroutine or an async function', async () => {
    const loop = new VirtualEventLoop()
    const main = async () => {
      const tasks = [createTask(sleep(1, 'slept'), { name: 'one' }), createTask(async () => currentTask()?.getName())]
      expect(tasks.map(task => task.loop)).toEqual([loop, loop])
      expect(tasks[0]?.getName()).toBe('one')
      return [await tasks[0], (await tasks[1]) === tasks[1]?.getName()]
    }
    expect(await loop.runUntilComplete(main)).toEqual(['slept', true])
    loop.close()
  })
})

describe('code that a task has left behind', () => {
  test('has no task once that has ended, and still its loop', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const seen = Promise.withResolvers<unknown[]>()
    const native = async () => {
      await promise
      seen.resolve([currentTask(), getRunningLoop()])
    }
    const loop = new EventLoop()
    const task = loop.createTask(async () => {
      void native()
      expect(currentTask()).toBe(task)
      await sleep(0)
    })
    await loop.runUntilComplete(task)
    resolve()
    expect(await seen.promise).toEqual([undefined, loop])
    loop.close()
  })

  test('cannot set a deadline, which nothing would be cancelled by', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let left: Promise<void> | undefined
    const loop = new EventLoop()
    const outer = loop.createTask(async () => {
      await createTask(async () => {
        left = promise.then(async () => {
          await timeout(1, () => sleep(60_000))
        })
        await sleep(0)
      })
      resolve()
      await left
    })
    await expect(loop.runUntilComplete(outer)).rejects.toThrow('Timeout should be used inside a task')
    loop.close()
  })
})

test('newEventLoop gives an EventLoop', () => {
  const loop = newEventLoop()
  expect(loop).toBeInstanceOf(EventLoop)
  loop.close()
})
