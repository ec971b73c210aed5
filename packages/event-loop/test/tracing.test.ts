import { tracingChannel } from 'node:diagnostics_channel'
import { coroutine } from '@fosen/coroutine'
import { sleep, type Task, type TaskTrace } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'

const channel = tracingChannel<'fosen:event-loop:task', TaskTrace>('fosen:event-loop:task')
const events: string[] = []
const traces = new Set<object>()
const note = (event: string) => (message: unknown) => {
  const { task, result, error } = message as TaskTrace
  traces.add(message as object)
  events.push(`${event} ${task.getName()} ${String(error ?? result)}`)
}
const subscribers = {
  start: note('start'),
  end: note('end'),
  asyncStart: note('asyncStart'),
  asyncEnd: note('asyncEnd'),
  error: note('error'),
}

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  events.length = 0
  traces.clear()
  channel.subscribe(subscribers as never)
})
afterEach(() => {
  channel.unsubscribe(subscribers as never)
  loop.close()
})

const outcome = (task: Task<unknown>) => {
  loop.createTask(settled(task), { name: 'waiter' })
  loop.runUntilCompleteSync(sleep(1000))
  return events.filter(event => event.includes(' traced '))
}
const settled = coroutine(function* (task: Task<unknown>) {
  try {
    yield* task
  } catch {
    // What comes of it is in the events.
  }
})

test('a task is published when it is made and when it is done, by one object', () => {
  const task = loop.createTask(sleep(1, 'value'), { name: 'traced' })
  expect(outcome(task)).toEqual([
    'start traced undefined',
    'end traced undefined',
    'asyncStart traced value',
    'asyncEnd traced value',
  ])
})

test('a task that fails, or is cancelled, is published with its error', () => {
  const failing = coroutine(function* () {
    yield* sleep(1)
    throw new Error('why')
  })
  expect(outcome(loop.createTask(failing(), { name: 'traced' }))).toContain('error traced Error: why')
  events.length = 0
  const task = loop.createTask(sleep(1), { name: 'traced' })
  task.cancel('enough')
  expect(outcome(task)).toContainEqual('error traced CancelledError: enough')
})

test('nothing is published once nobody listens, and a failure that nobody has asked for stays one', () => {
  channel.unsubscribe(subscribers as never)
  const told: string[] = []
  loop.setExceptionHandler((_, { message }) => told.push(message))
  loop.createTask(
    coroutine(function* () {
      yield* sleep(1)
      throw new Error('unheard')
    })(),
  )
  loop.runUntilCompleteSync(sleep(10))
  loop.close()
  expect([events, told.length]).toEqual([[], 1])
})
