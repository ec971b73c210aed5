import { memoryUsage } from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Deque } from '../src/index.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

async function collectGarbage() {
  await turn()
  gc()
}

async function memoryInUse() {
  await collectGarbage()
  return memoryUsage().heapUsed
}

test('memory is given back when a burst is over, at whichever end', async () => {
  const before = await memoryInUse()
  const deques = [new Deque<number>(), new Deque<number>()] as const
  for (const deque of deques) for (let i = 0; i < 1_000_000; i++) deque.append(i)
  expect(await memoryInUse()).toBeGreaterThan(before + 15_000_000)
  while (deques[0].length > 10) deques[0].popLeft()
  while (deques[1].length > 10) deques[1].pop()
  expect(await memoryInUse()).toBeLessThan(before + 1_000_000)
  expect([deques[0].at(-1), deques[1].at(0)]).toEqual([999_999, 0])
})

test('what was removed is not held', async () => {
  const items = 'abcdefghij'.split('').map(name => ({ name }))
  const references = items.map(item => new WeakRef(item))
  const deque = new Deque(items.splice(0), { maxlen: 8 })
  deque.pop()
  deque.popLeft()
  deque.removeAt(2)
  deque.set(0, { name: 'other' })
  await collectGarbage()
  const held = () => references.map(reference => reference.deref()?.name ?? '-').join('')
  expect(held()).toBe('----e-ghi-')
  deque.clear()
  await collectGarbage()
  expect(held()).toBe('----------')
})
