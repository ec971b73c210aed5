import { createTask, currentTask, EventLoop, newEventLoop, RuntimeError, sleep } from '@fosen/event-loop'
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

test('newEventLoop gives an EventLoop', () => {
  const loop = newEventLoop()
  expect(loop).toBeInstanceOf(EventLoop)
  loop.close()
})
