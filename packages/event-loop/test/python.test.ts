import { readdirSync } from 'node:fs'
import { loadCpython } from '@fosen/cpython'
import { expect, test } from 'vitest'
import { table } from './python/table.ts'

const { runScenario } = await loadCpython()
const isTest = (file: string) => file.endsWith('.test.ts')
const python = table.map(row => row.python).join('\n')
const listOf = (expression: string) =>
  runScenario(`
    async def main():
        import asyncio
        log(*sorted(${expression}))
  `)[0]?.split(' ') ?? []

test('each group of the table has its tests', () => {
  const groups = new Set(table.map(row => `${row.group.toLowerCase().replaceAll(' ', '-')}.test.ts`))
  expect([...groups].toSorted()).toEqual(
    readdirSync(new URL('python', import.meta.url))
      .filter(isTest)
      .toSorted(),
  )
})
test('what the table has of asyncio exists in CPython 3.14', () => {
  const names = [...python.matchAll(/asyncio\.(\w+)/g)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(50)
  expect(listOf(`name for name in ${JSON.stringify(names)} if not hasattr(asyncio, name)`)).toEqual([''])
})

test.each([
  ['asyncio', 'asyncio.__all__', leftOutOfModule()],
  ['loops', 'dir(asyncio.AbstractEventLoop)', leftOutOfLoops()],
  ['tasks and futures', 'dir(asyncio.Task)', /^print_stack$/],
  ['timeouts', 'dir(asyncio.Timeout)', undefined],
  ['queues', 'dir(asyncio.Queue)', undefined],
  ['barriers', 'dir(asyncio.Barrier)', undefined],
  ['conditions', 'dir(asyncio.Condition)', undefined],
  ['runners', 'dir(asyncio.Runner)', undefined],
])('what CPython 3.14 has in %s is in the table, or is what the README leaves out', (_, names, leftOut) => {
  const missing = listOf(names).filter(name => !name.startsWith('_') && !new RegExp(`\\b${name}\\b`).test(python))
  expect(missing.filter(name => !leftOut?.test(name))).toEqual([])
})

function leftOutOfModule(): RegExp {
  const io =
    'Transport|Protocol|Stream|Server|start_server|subprocess|open_connection|IncompleteRead|LimitOverrun|Sendfile'
  const loops = 'get_event_loop|set_event_loop|AbstractEventLoop|SelectorEventLoop|BaseEventLoop'
  const others = 'iscoroutinefunction|create_eager_task_factory|future_(add_to|discard_from)_awaited_by'
  const types = '^(Task|Handle|TimerHandle|FrameCallGraphEntry|FutureCallGraph)$'
  return new RegExp([io, loops, others, types].join('|'))
}

function leftOutOfLoops(): RegExp {
  return /sock|connect|server|datagram|pipe|reader|writer|signal|subprocess|sendfile|start_tls|getaddrinfo|getnameinfo|asyncgens/
}
