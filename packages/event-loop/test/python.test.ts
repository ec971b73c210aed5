import { readdirSync } from 'node:fs'
import { loadCpython } from '@fosen/cpython'
import { expect, test } from 'vitest'
import { readme, table } from './python/table.ts'

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

/** What Node has its own of. */
const io =
  /sock|server|transport|protocol|stream|connect|datagram|pipe|reader|writer|signal|subprocess|sendfile|start_tls|getaddrinfo|getnameinfo|IncompleteRead|LimitOverrun/i

test.each([
  ['asyncio', 'asyncio.__all__'],
  ['loops', 'dir(asyncio.AbstractEventLoop)'],
  ['tasks and futures', 'dir(asyncio.Task)'],
  ['timeouts', 'dir(asyncio.Timeout)'],
  ['queues', 'dir(asyncio.Queue)'],
  ['barriers', 'dir(asyncio.Barrier)'],
  ['conditions', 'dir(asyncio.Condition)'],
  ['runners', 'dir(asyncio.Runner)'],
])('what CPython 3.14 has in %s is in the README, if only as left out', (_, names) => {
  const words = new Set(readme.match(/\w+/g))
  const missing = listOf(names).filter(name => !name.startsWith('_') && !words.has(name))
  expect(missing.filter(name => !io.test(name) && !/policy$/.test(name))).toEqual([])
})
