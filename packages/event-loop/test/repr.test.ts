import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { gather, InvalidStateError, sleep, type Task } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  loop.setExceptionHandler(() => {})
})
afterEach(() => loop.close())

/** Without the folder, which is another one on each machine. */
const shown = (value: unknown) => inspect(value).replaceAll(import.meta.dirname, '.')

const hello = coroutine(function* hello(result: unknown) {
  yield* sleep(10)
  if (result instanceof Error) throw result
  return result
})
const source = readFileSync(import.meta.filename, 'utf8').split('\n')
const [defined, waits] = ['function* hello', 'yield* sleep(10)'].map(
  text => source.findIndex(line => line.includes(text)) + 1,
)

describe('inspect shows of a future', () => {
  test('its state, and who waits for it', () => {
    const future = loop.createFuture<number>()
    expect(shown(future)).toBe('<Future pending>')
    future.addDoneCallback(function tell() {})
    expect(shown(future)).toBe('<Future pending cb=[tell()]>')
  })

  test('its result, its error or that it was cancelled, and asks for none of them', () => {
    const told: string[] = []
    loop.setExceptionHandler((_, { message }) => told.push(message))
    const futures = [1, 2, 3, 4].map(() => loop.createFuture<string>())
    futures[0]?.setResult('x'.repeat(100))
    futures[1]?.setException(new InvalidStateError('why'))
    futures[2]?.setException(new RangeError())
    futures[3]?.cancel()
    expect(futures.map(shown)).toEqual([
      `<Future finished result='${'x'.repeat(60)}'... 40 more characters>`,
      "<Future finished exception=InvalidStateError('why')>",
      '<Future finished exception=RangeError()>',
      '<Future cancelled>',
    ])
    loop.close()
    expect(told).toEqual(Array(2).fill('Future exception was never retrieved'))
  })
})

describe('inspect shows of a task', () => {
  test('where its coroutine stands, and what it waits for', () => {
    const task = loop.createTask(hello(1), { name: 'reader' })
    expect(shown(task)).toBe(`<Task pending name='reader' coro=<hello() running at ./repr.test.ts:${defined}>>`)
    loop.createTask(waiting(task))
    loop.runUntilCompleteSync(sleep(0))
    expect(shown(task)).toBe(
      `<Task pending name='reader' coro=<hello() running at ./repr.test.ts:${waits}> ` +
        'wait_for=<Future pending cb=[Task.wakeup()]> cb=[Task.wakeup()]>',
    )
    task.cancel()
    expect(shown(task)).toMatch(/^<Task cancelling name='reader'/)
  })

  test('how it has ended', () => {
    const tasks = [hello([1]), hello(new Error('failed')), sleep(1000)].map((work, i) =>
      loop.createTask<unknown>(work, { name: `t${i}` }),
    )
    loop.callLater(20, () => tasks[2]?.cancel())
    loop.runUntilCompleteSync(gather(tasks, { returnExceptions: true }))
    const done = `coro=<hello() done, defined at ./repr.test.ts:${defined}>`
    expect(tasks.map(shown)).toEqual([
      `<Task finished name='t0' ${done} result=[ 1 ]>`,
      `<Task finished name='t1' ${done} exception=Error('failed')>`,
      "<Task cancelled name='t2' coro=<sleep()>>",
    ])
  })

  test('that waits for another no more than its name, so that a circle of tasks has an end', () => {
    const tasks: Task<unknown>[] = []
    for (const other of [1, 0]) {
      tasks.push(
        loop.createTask(
          coroutine(function* circle() {
            yield* tasks[other] as Task<unknown>
          })(),
          { name: `t${1 - other}` },
        ),
      )
    }
    loop.runUntilCompleteSync(sleep(0))
    expect(shown(tasks[0])).toContain("wait_for=<Task pending name='t1'>")
  })
})

test('inspect shows of a handle what it calls', () => {
  const handle = loop.callSoon(function work(..._: unknown[]) {}, 1, 'a')
  expect([shown(handle), String(handle)]).toEqual(["<Handle work(1, 'a')>", "<Handle work(1, 'a')>"])
  const timer = loop.callLater(5, () => {})
  expect(shown(timer)).toBe('<TimerHandle when=5 (anonymous)()>')
  timer.cancel()
  expect(shown(timer)).toBe('<TimerHandle when=5 cancelled>')
})

test('inspect shows of a loop whether it runs, and is closed', () => {
  expect(shown(loop)).toBe('<VirtualEventLoop running=false closed=false debug=false>')
  loop.callSoon(() => expect(shown(loop)).toContain('running=true'))
  loop.runUntilCompleteSync(sleep(0))
  loop.close()
  expect(shown(loop)).toContain('closed=true')
})

const waiting = coroutine(function* waiting(task: Task<unknown>) {
  yield* task
})
