import { coroutine } from '@fosen/coroutine'
import {
  captureCallGraph,
  createTask,
  currentTask,
  type Future,
  formatCallGraph,
  printCallGraph,
  sleep,
} from '@fosen/event-loop'
import { expect, vi } from 'vitest'
import { testRows } from './table.ts'

const waits = coroutine(function* waits(future: Future<unknown>) {
  return yield* future
})

testRows('Call graph', {
  '`asyncio.print_call_graph()`, `asyncio.format_call_graph(task)`': function* () {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    printCallGraph()
    currentTask()?.setName('main')
    expect(String(print.mock.calls[0])).toContain("* Task(name='")
    print.mockRestore()
    const task = createTask(sleep(10), { name: 'inner' })
    createTask(waits(task), { name: 'outer' })
    yield* sleep(1)
    expect(formatCallGraph(task)).toMatch(/^\* Task\(name='inner'\)\n {2}\+ Awaited by:\n {4}\* Task\(name='outer'\)/)
    yield* sleep(10)
  },

  '`asyncio.capture_call_graph(task, limit=1)`': function* () {
    const task = createTask(waits(createTask(sleep(10))))
    yield* sleep(1)
    const graph = captureCallGraph(task, { limit: 1 })
    expect(graph?.callStack.map(({ name }) => name)).toEqual(['waits'])
    yield* task
  },
})
