import { fileURLToPath } from 'node:url'
import { coroutine } from '@fosen/coroutine'
import {
  type CoGenerator,
  captureCallGraph,
  currentTask,
  type Future,
  type FutureCallGraph,
  formatCallGraph,
  gather,
  getRunningLoop,
  printCallGraph,
  RuntimeError,
  sleep,
  taskGroup,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const file = fileURLToPath(import.meta.url)

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  loop.setExceptionHandler(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  loop.close()
})

const inner = coroutine(function* inner<T>(look: () => T, wait = 1) {
  yield* sleep(wait)
  return look()
})
const outer = coroutine(function* outer<T>(look: () => T) {
  return yield* inner(look)
})
const waitFor = coroutine(function* waitFor(future: Future<unknown>): CoGenerator<unknown> {
  return yield* future
})
/** The names of the tasks of a graph, each with those that wait for it. */
function names(graph: FutureCallGraph | undefined): unknown[] {
  const { future, awaitedBy } = graph as FutureCallGraph
  const name = 'getName' in future ? (future as { getName(): string }).getName() : 'future'
  return [name, ...awaitedBy.map(names)]
}
const functions = (graph: FutureCallGraph | undefined) => graph?.callStack.map(entry => entry.name)
/** Runs the loop for a time, and gives what `look` sees then. */
function after<T>(ms: number, look: () => T): T {
  loop.runUntilCompleteSync(sleep(ms))
  return look()
}

describe('captureCallGraph refuses', () => {
  test.each([[null], [5], [Promise.resolve()], [{}]])('%s in the place of a future', value => {
    expect(() => captureCallGraph(value as never)).toThrow(TypeError)
    expect(() => formatCallGraph(value as never)).toThrow(TypeError)
    expect(() => printCallGraph(value as never)).toThrow(TypeError)
  })

  test.each([[1.5], [Number.NaN], ['1'], [null]])('a limit of %s', limit => {
    expect(() => captureCallGraph(loop.createFuture(), { limit: limit as never })).toThrow(TypeError)
  })

  test('to look for the current task where no loop is running', () => {
    expect(() => captureCallGraph()).toThrow(RuntimeError)
  })
})

describe('captureCallGraph', () => {
  test('gives nothing outside of tasks', () => {
    const seen: unknown[] = []
    loop.callSoon(() => seen.push(captureCallGraph(), formatCallGraph(), printCallGraph()))
    after(0, () => {})
    expect(seen).toEqual([undefined, '', undefined])
  })

  test('has the stack of the task that runs, innermost first, up to the loop', () => {
    function plain() {
      return captureCallGraph()
    }
    const graph = loop.runUntilCompleteSync(outer(plain))
    expect(graph?.callStack).toEqual([
      { name: 'plain', file, line: expect.any(Number), isAsync: false },
      { name: 'inner', file, line: expect.any(Number), isAsync: true },
      { name: 'outer', file, line: expect.any(Number), isAsync: true },
    ])
  })

  test.each([
    [0, []],
    [1, ['outer']],
    [-2, ['look', 'inner']],
    [9, ['look', 'inner', 'outer']],
  ])('with a limit of %i has the outermost or innermost entries', (limit, expected) => {
    const look = () => captureCallGraph(undefined, { limit })
    expect(functions(loop.runUntilCompleteSync(outer(look)))).toEqual(expected)
  })

  test('has the coroutine of a task that waits, and the line where it stands', () => {
    const task = loop.createTask(outer(() => {}))
    const [before] = captureCallGraph(task)?.callStack ?? []
    const [at] = after(0, () => captureCallGraph(task))?.callStack ?? []
    expect(at).toEqual({ name: 'outer', file, line: (before?.line ?? 0) + 1, isAsync: true })
    loop.runUntilCompleteSync(task)
    expect(captureCallGraph(task)?.callStack).toEqual([])
  })

  test('has who waits for a future, and who waits for these', () => {
    const future = loop.createFuture()
    const first = loop.createTask(waitFor(future), { name: 'first' })
    loop.createTask(waitFor(first), { name: 'second' })
    loop.createTask(waitFor(future), { name: 'third' })
    expect(after(0, () => names(captureCallGraph(future)))).toEqual(['future', ['first', ['second']], ['third']])
    future.setResult('done')
    expect(after(1, () => names(captureCallGraph(future)))).toEqual(['future'])
  })

  test('has who waits for it through gather and through a group', () => {
    const future = loop.createFuture()
    const leaf = loop.createTask(waitFor(future), { name: 'leaf' })
    const gathering = coroutine(function* () {
      yield* gather([leaf, sleep(5)])
    })
    const grouping = coroutine(function* () {
      yield* taskGroup(function* (group) {
        group.createTask(waitFor(future), { name: 'child' })
        yield* sleep(0)
      })
    })
    loop.createTask(gathering(), { name: 'gathering' })
    loop.createTask(grouping(), { name: 'grouping' })
    expect(after(1, () => names(captureCallGraph(future)))).toEqual([
      'future',
      ['leaf', ['gathering']],
      ['child', ['grouping']],
    ])
  })

  test('has async functions that wait, also for coroutines', async () => {
    const future = loop.createFuture()
    loop.createTask(async () => void (await future), { name: 'future' })
    const both = async () => void (await Promise.all([sleep(1), waitFor(future)]))
    const task = loop.createTask(both, { name: 'coroutine' })
    await loop.runUntilComplete(sleep(5))
    expect(names(captureCallGraph(future))).toEqual(['future', ['future'], ['coroutine']])
    expect(captureCallGraph(task)?.callStack).toEqual([])
  })

  test('ends where tasks wait for each other', () => {
    const one = loop.createTask(
      coroutine(function* (): CoGenerator<unknown> {
        return yield* two
      })(),
      { name: 'one' },
    )
    const two: Future<unknown> = loop.createTask(waitFor(one), { name: 'two' })
    expect(after(0, () => names(captureCallGraph(one)))).toEqual(['one', ['two', ['one']]])
  })
})

describe('printCallGraph', () => {
  /** A task that a second one waits for; where they stand is told by the test. */
  const scenario = coroutine(function* scenario(look: () => void) {
    const task = getRunningLoop().createTask(inner(look, 0), { name: "it's" })
    yield* task
  })

  test('prints tasks, stacks, and who waits', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const main = loop.createTask(
      scenario(() => printCallGraph()),
      { name: 'main' },
    )
    loop.runUntilCompleteSync(main)
    const [[text]] = log.mock.calls as [[string]]
    expect(text.replaceAll(/line \d+/g, 'line N')).toBe(
      [
        "* Task(name='it\\'s')",
        '  + Call stack:',
        `  |   File '${file}', line N, in (anonymous)()`,
        `  |   File '${file}', line N, in async inner()`,
        '  + Awaited by:',
        "    * Task(name='main')",
        '      + Call stack:',
        `      |   File '${file}', line N, in async scenario()`,
      ].join('\n'),
    )
  })

  test('writes to what it is given', () => {
    const written: string[] = []
    printCallGraph(loop.createFuture(), { file: { write: text => written.push(text) } })
    expect(written).toEqual(['* Future()\n'])
  })

  test('prints what formatCallGraph gives', () => {
    const written: string[] = []
    const look = () => {
      printCallGraph(undefined, { limit: -2, file: { write: text => written.push(text) } })
      written.push(formatCallGraph(undefined, { limit: -2 }))
    }
    loop.runUntilCompleteSync(outer(look))
    const [printed, formatted] = written.map(text => text.replaceAll(/line \d+/g, ''))
    expect(printed).toBe(`${formatted}\n`)
  })
})

describe('getStack of a task', () => {
  test('has the line where it waits, and nothing when it is done', () => {
    const task = loop.createTask(outer(() => {}))
    expect(after(0, () => task.getStack())).toEqual(captureCallGraph(task)?.callStack)
    loop.runUntilCompleteSync(task)
    expect(task.getStack()).toEqual([])
  })

  test.each([
    [undefined, ['outer', 'inner', 'look']],
    [2, ['inner', 'look']],
    [0, []],
    [-1, []],
  ])('that runs has, with a limit of %s, the innermost entries last', (limit, expected) => {
    const look = () => currentTask()?.getStack({ limit })
    const entries = loop.runUntilCompleteSync(outer(look))
    expect(entries?.map(({ name }) => name)).toEqual(expected)
  })

  test('refuses a limit that is no integer', () => {
    const task = loop.createTask(sleep(1))
    expect(() => task.getStack({ limit: 1.5 })).toThrow(TypeError)
    loop.runUntilCompleteSync(task)
  })
})

test('a stack names what resumes a task, below which no frame is told, whichever file it has come to be in', () => {
  const look = coroutine(function* look() {
    yield* sleep(1)
    return new Error('seen').stack
  })
  expect(loop.runUntilCompleteSync(look())).toMatch(
    /at look .*\n.*at look\.next .*\n(.*next .*\n)?.*at .*step of a task \(fosen\)/,
  )
})
