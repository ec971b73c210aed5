import { existsSync } from 'node:fs'
import { python } from '@fosen/python'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PythonProcess } from '../src/python-process.ts'
import { eventLoop } from '../src/suites/event-loop/event-loop.ts'
import { ImmediateLoop } from '../src/suites/event-loop/saturated/immediate-loop.ts'
import type { Suite } from '../src/workload.ts'
import { absentPeers, runOnce } from './suite-checks.ts'

const small = {
  ...{ spawn: 100, giveWay: 200, pingPong: 10, sleeps: 100, callbacks: 10, cancel: 50, deepAwait: 5, resolved: 10 },
  // So many asleep that what they hold is more than what else comes and goes meanwhile.
  ...{ awaitThread: 3, blockOnThread: 3, asleep: 5000, trips: 5 },
}

describe('the contenders of event-loop', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await eventLoop(small)
  }, 120_000)
  afterAll(() => suite[Symbol.asyncDispose]())

  test('all give what is expected of each workload', { timeout: 60_000 }, async () => {
    for (const { milliseconds, bytes = 1 } of await runOnce(suite)) {
      expect(milliseconds).toBeGreaterThan(0)
      expect(bytes).toBeGreaterThan(0)
    }
  })

  test('are compared in every workload with at least one other', () => {
    for (const { contenders } of suite.workloads) expect(contenders.length).toBeGreaterThan(1)
    const [spawn] = suite.workloads
    const names = spawn?.contenders.map(({ name }) => name.replace(/ [\d(].*/, ''))
    expect(names).toEqual(['fosen', 'Effect', 'Effect', 'effection', 'native promises', 'asyncio', 'uvloop'])
  })

  test('are judged against peers that there are', () => {
    expect(absentPeers(suite)).toEqual([])
  })
})

test.skipIf(!existsSync(python))('a process of Python that ends fails what it was asked for', async () => {
  const process = new PythonProcess(new URL('../src/suites/event-loop/event_loop.py', import.meta.url), 'no-loop')
  try {
    await expect(process.ask('no program', [1])).rejects.toThrow(`${python} has ended in no program(1)`)
    await expect(process.ask('spawn', [1])).rejects.toThrow('has ended in spawn(1)')
  } finally {
    await process.close()
  }
})

test('the loop with a batch per setImmediate runs each coroutine once in a batch, and to its end', async () => {
  const ran: string[] = []
  function* steps(name: string, count: number) {
    for (let i = 0; i < count; i++) {
      ran.push(name)
      setImmediate(() => ran.push('-'))
      yield
    }
  }
  await new ImmediateLoop([steps('a', 2), steps('b', 1)]).run()
  expect(ran.join('')).toBe('ab--a-')
})
