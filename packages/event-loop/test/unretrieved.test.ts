import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { coroutine } from '@fosen/coroutine'
import { EventLoop, type ExceptionContext, fromPromise, sleep } from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url))

let loop: EventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new EventLoop()
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => loop.close())

const raise = coroutine(function* (error: unknown) {
  yield* sleep(0)
  throw error
})

describe('a failure that nobody asked for', () => {
  test('is told when the loop is closed, and one that was asked for is not', async () => {
    loop.createTask(raise(new Error('never seen')), { name: 'silent' })
    const seen = loop.createTask(raise(new Error('seen')))
    await loop.runUntilComplete(sleep(1))
    expect(seen.exception()).toEqual(new Error('seen'))
    expect(told).toEqual([])
    loop.close()
    expect(told).toEqual([{ message: 'Task silent exception was never retrieved', error: new Error('never seen') }])
  })

  test('is told when the future is collected', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const fail = coroutine(function* () {
      yield* sleep(0)
      throw new Error('never seen')
    })
    loop.createTask(fail(), { name: 'collected' })
    await loop.runUntilComplete(sleep(1))
    await vi.waitFor(() => {
      gc()
      expect(told).toHaveLength(1)
    }, 20_000)
    expect(told[0]?.message).toBe('Task collected exception was never retrieved')
  })

  test('is told when the process ends and the loop was never closed', async () => {
    const { stderr } = await promisify(execFile)(process.execPath, [fixture('never-closed')])
    expect(stderr).toContain('Task silent exception was never retrieved Error: nobody sees this')
  })

  test('is told although its stack cannot be read', async () => {
    const evil = Object.defineProperty(new Error('evil'), 'stack', {
      get() {
        throw new Error('no stack')
      },
    })
    loop.createTask(raise(evil))
    await loop.runUntilComplete(sleep(1))
    loop.close()
    expect(told.map(({ error }) => error === evil)).toEqual([true])
  })

  test('is not told when it was on its way to a task that was cancelled in the same turn', async () => {
    const future = loop.createFuture()
    const wait = coroutine(function* () {
      yield* future
    })
    const task = loop.createTask(wait())
    loop.callSoon(() => {
      future.setException(new Error('on its way'))
      task.cancel()
    })
    await expect(loop.runUntilComplete(task)).rejects.toMatchObject({ name: 'CancelledError' })
    loop.close()
    expect(told).toEqual([])
  })
})

test('a task that is not done when its loop is closed is told of', async () => {
  const { promise } = Promise.withResolvers<void>()
  const wait = coroutine(function* () {
    yield* fromPromise(promise)
  })
  const task = loop.createTask(wait(), { name: 'waiting' })
  loop.createTask(sleep(0))
  await loop.runUntilComplete(sleep(1))
  loop.close()
  expect(told.map(({ message }) => message)).toEqual(['Task was destroyed but it is pending!'])
  expect(told[0]?.task).toBe(task)
})
