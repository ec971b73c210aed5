import { describe, expect, test } from 'vitest'
import type { Gate } from '../src/gate.ts'
import { runJob } from '../src/job.ts'
import { measure } from '../src/measure.ts'
import { missedGates, toTable } from '../src/report.ts'
import type { Workload } from '../src/workload.ts'
import { fakeContenders, steady } from './fake-contenders.ts'

/** A workload that is judged, with what each contender takes. */
function judge(gate: Gate, times: Record<string, number[]>, repetitions = 1) {
  const { contenders, now } = fakeContenders(times)
  const workload = { title: 'work', operations: 1, expected: 'done', contenders, gate }
  return measure(workload, { repetitions, judge: true, now })
}

const once = (milliseconds: number) => steady(milliseconds, 7)
const twice = (first: number, second: number) => [...once(first), ...once(second)]

describe('a gate of so many times the best peer', () => {
  test.each([2, 3])('passes at %s times, when ours is three times as fast', async timesPeer => {
    const result = await judge({ timesPeer }, { ours: once(1), peer: once(3) })
    expect(result).toMatchObject({ passed: true, comparisons: [{ repetitions: 7 }] })
    expect(missedGates([result])).toEqual([])
    expect(toTable(result)).toContain(`gate: at least ${timesPeer} × the best peer; passed`)
  })

  test('that is missed is run once more in full, and then missed or not', async () => {
    const passed = await judge({ timesPeer: 2 }, { ours: twice(2, 1), peer: twice(3, 3) })
    expect(passed).toMatchObject({ passed: true, comparisons: [{ best: { ratio: 1.5 } }, { best: { ratio: 3 } }] })
    expect(missedGates([passed])).toEqual([])
    expect(toTable(passed)).toMatch(/1\.50 × as fast(.|\n)*run once more:(.|\n)*3\.00 × as fast(.|\n)*; passed/)

    const missed = await judge({ timesPeer: 4 }, { ours: twice(2, 1), peer: twice(3, 3) })
    expect(missed.passed).toBe(false)
    expect(missedGates([missed])).toEqual([
      'work: 1.50 × peer, then 3.00 × peer; the gate is at least 4 × the best peer',
    ])
    expect(toTable(missed)).toContain('MISSED')
  })

  test('is missed when there is nothing to be compared with', async () => {
    const result = await judge({ timesPeer: 0.8 }, { ours: steady(1, 40) })
    expect(missedGates([result])).toEqual(['work: no peer, then no peer; the gate is at least 0.8 × the best peer'])
  })

  test('is missed when a peer is missing, however far ahead of the others ours is', async () => {
    const { contenders, now } = fakeContenders({ ours: once(1), peer: once(9) })
    const workload = {
      title: 'work',
      operations: 1,
      expected: 'done',
      contenders: [...contenders, { name: 'absent', missing: 'apt-get install absent' }],
      gate: { timesPeer: 2 },
    } as const
    const result = await measure(workload as unknown as Workload, { repetitions: 7, judge: true, now })
    expect(missedGates([result])).toEqual([
      'work: 9.00 × peer; absent is missing: apt-get install absent; the gate is at least 2 × the best peer',
    ])
    expect(toTable(result)).toMatch(/absent +is missing: apt-get install absent\n.*MISSED/)
  })
})

describe('a gate of so many times certain peers', () => {
  const times = { ours: once(1), slow: once(9), fast: once(4), other: once(2) }

  test('compares with the best of these, whatever the others take', async () => {
    expect(await judge({ timesPeer: 4, of: ['slow', 'fast'] }, times)).toMatchObject({ passed: true })
    const missed = await judge(
      { timesPeer: 4.1, of: ['slow', 'fast'] },
      { ours: twice(1, 1), slow: twice(9, 9), fast: twice(4, 4), other: twice(2, 2) },
    )
    expect(missedGates([missed])).toEqual([
      'work: 4.00 × fast, then 4.00 × fast; the gate is at least 4.1 × the best of slow and fast',
    ])
  })

  test('is missed when none of these is there', async () => {
    const result = await judge({ timesPeer: 1, of: ['sloth'] }, { ours: steady(1, 40), peer: steady(9, 40) })
    expect(missedGates([result])).toEqual(['work: no peer, then no peer; the gate is at least 1 × sloth'])
  })
})

describe('gates of which none may be missed', () => {
  const gate = (timesFast: number): Gate => ({
    all: [
      { timesPeer: timesFast, of: ['fast'] },
      { timesPeer: 9, of: ['slow'] },
    ],
  })

  test('pass when each of them passes', async () => {
    const passed = await judge(gate(4), { ours: once(1), slow: once(9), fast: once(4) })
    expect(toTable(passed)).toContain('gate: at least 4 × fast, and at least 9 × slow; passed')
    const missed = await judge(gate(5), { ours: twice(1, 1), slow: twice(9, 9), fast: twice(4, 4) })
    expect(missedGates([missed])).toEqual([
      'work: 4.00 × fast, 9.00 × slow, then 4.00 × fast, 9.00 × slow; ' +
        'the gate is at least 5 × fast, and at least 9 × slow',
    ])
  })
})

describe('a gate of so many milliseconds', () => {
  test('is about ours alone', async () => {
    const passed = await judge({ milliseconds: 150 }, { ours: once(150), peer: once(10) })
    expect(passed).toMatchObject({ passed: true, comparisons: [{ best: { name: 'peer' } }] })
    const missed = await judge({ milliseconds: 149 }, { ours: twice(151, 150), peer: twice(900, 900) })
    expect(missedGates([missed])).toEqual(['work: 151 ms, then 150 ms; the gate is at most 149 ms'])
  })
})

describe('a gate of so many bytes', () => {
  const judgeBytes = (gate: Gate, bytes: number | undefined) => {
    const { contenders, now } = fakeContenders({ ours: twice(1, 1), peer: twice(9, 9) })
    const [ours, ...peers] = contenders
    const measured = [bytes === undefined ? ours : { ...ours, bytes: () => bytes }, ...peers]
    const workload = { title: 'work', operations: 1, expected: 'done', contenders: measured, gate }
    return measure(workload as unknown as Workload, { repetitions: 7, judge: true, now })
  }

  test('is about what an operation of ours holds', async () => {
    const gate = { all: [{ timesPeer: 9 }, { bytes: 80 }] }
    expect(await judgeBytes(gate, 80)).toMatchObject({ passed: true })
    expect(missedGates([await judgeBytes(gate, 80.6)])).toEqual([
      'work: 9.00 × peer, 81 bytes each, then 9.00 × peer, 81 bytes each; ' +
        'the gate is at least 9 × the best peer, and at most 80 bytes each',
    ])
  })

  test('is missed where that is not known', async () => {
    expect(missedGates([await judgeBytes({ bytes: 80 }, undefined)])).toEqual([
      'work: unknown bytes each, then unknown bytes each; the gate is at most 80 bytes each',
    ])
  })
})

describe('the number of repetitions', () => {
  const long = { ours: steady(1, 40), peer: steady(9, 40) }

  test.each<[Gate, number, number]>([
    [{ timesPeer: 0.8 }, 1, 15],
    [{ timesPeer: 0.8 }, 20, 20],
    [{ timesPeer: 1.3 }, 1, 7],
    [{ milliseconds: 150 }, 9, 9],
    [{ all: [{ timesPeer: 2 }, { timesPeer: 0.8 }] }, 1, 15],
  ])('for a gate of %o, asked for %i, is %i', async (gate, asked, repetitions) => {
    expect((await judge(gate, long, asked)).comparisons).toMatchObject([{ repetitions }])
  })

  test('of one is for a look at what works, without the warm-up', async () => {
    const { contenders, now, order } = fakeContenders({ ours: [1, 2], peer: [3, 4] })
    const workload = { title: 'work', operations: 1, expected: 'done', contenders, warmUp: 1e9 }
    await measure(workload, { repetitions: 1, judge: false, now })
    expect(order).toHaveLength(4)
  })

  test('is as asked where no gate is judged, and then none is missed', async () => {
    const { contenders, now } = fakeContenders({ ours: [0, 9], peer: [0, 1] })
    const workload = { title: 'work', operations: 1, expected: 'done', contenders, gate: { timesPeer: 0.8 } }
    const result = await measure(workload, { repetitions: 1, judge: false, now })
    expect(result).toMatchObject({ passed: true, comparisons: [{ repetitions: 1 }] })
    expect(missedGates([result])).toEqual([])
    expect(toTable(result)).not.toContain('gate')
  })
})

describe('a floor', () => {
  const { now, contenders } = fakeContenders({ ours: steady(10, 100), peer: steady(7, 100) })
  const base = { operations: 1, expected: 'done', contenders }
  const suite = {
    workloads: [
      { ...base, title: 'fast', gate: { timesPeer: 2 } },
      { ...base, title: 'in time', gate: { milliseconds: 1 } },
      { ...base, title: 'for the record' },
    ],
    async [Symbol.asyncDispose]() {},
  }
  const job = { suite: 'deque', only: '', repetitions: 7, judge: true } as const

  test('stands in for gates of ratios, and leaves out all else', async () => {
    const passed = await Array.fromAsync(runJob(suite, { ...job, floor: 0.7 }, now))
    expect(passed).toMatchObject([{ title: 'fast', gate: { timesPeer: 0.7 }, passed: true }])
    const [missed] = await Array.fromAsync(runJob(suite, { ...job, floor: 0.71 }, now))
    expect(missedGates(missed ? [missed] : [], ', pinned to one CPU')).toEqual([
      'fast, pinned to one CPU: 0.70 × peer, then 0.70 × peer; the gate is at least 0.71 × the best peer',
    ])
  })

  test('is for the same peers, and not above what the gate asks for', async () => {
    const gate = { all: [{ milliseconds: 1 }, { bytes: 1 }, { timesPeer: 2, of: ['peer'] }, { timesPeer: 0.3 }] }
    const workloads = [{ ...base, title: 'fast', gate }]
    const [result] = await Array.fromAsync(runJob({ ...suite, workloads }, { ...job, floor: 0.7 }, now))
    expect(result?.gate).toEqual({ all: [{ timesPeer: 0.7, of: ['peer'] }, { timesPeer: 0.3 }] })
  })

  test('is for the workloads that were asked for', async () => {
    expect(await Array.fromAsync(runJob(suite, { ...job, floor: 0.7, only: 'time' }, now))).toEqual([])
    const titles = (await Array.fromAsync(runJob(suite, { ...job, judge: false, only: 'r' }, now))).map(it => it.title)
    expect(titles).toEqual(['for the record'])
  })
})
