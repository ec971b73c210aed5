import { beforeEach, describe, expect, test } from 'vitest'
import { Attempts } from '../../src/page/attempts.ts'
import { Timeline } from '../../src/page/timeline.ts'
import { FakeJob, operation } from './fake-job.ts'

let job: FakeJob
let timeline: Timeline
beforeEach(() => {
  job = new FakeJob()
  const attempts = new Attempts()
  timeline = new Timeline(1000, attempts)
  job.watch(events => {
    for (const event of events) {
      timeline.add(event)
      attempts.add(event)
    }
  })
})

describe('the timeline', () => {
  test('has a bar for a task, which runs until it has ended, in the lane of its thread', () => {
    const end = job.begin({ file: 'a', at: 1010 })
    expect(timeline.running()).toEqual([[0, 0, 'task', 10, null, 'a', 0, null]])
    end({ at: 1015.5 })
    expect(timeline.running()).toEqual([])
    expect(timeline.ended.since(0)).toEqual([[0, 0, 'task', 10, 15.5, 'a', 0, null]])
    expect(timeline.lanes.list).toEqual([{ pid: 7, thread: 'loop-1', rows: 1, ended: undefined }])
  })

  test('puts what runs at the same time in rows of their own, and has no more of them than it takes', () => {
    const first = job.begin({ at: 1000 })
    const second = job.begin({ at: 1001 })
    first({ at: 1002 })
    job.begin({ at: 1003 })
    second({ at: 1004 })
    expect(timeline.ended.since(0).map(([, row]) => row)).toEqual([0, 1])
    expect(timeline.running().map(([, row]) => row)).toEqual([0])
    expect(timeline.lanes.list[0]?.rows).toBe(2)
  })

  test('says of a task and of what a thread runs which attempt at the file it is, also after it has ended', () => {
    const handled = job.begin({ channel: 'fosen:queue:process', thread: 'main', file: 'a', attempt: 3 })
    const task = job.begin({ name: 'Task-1' })
    job.begin({ channel: 'fosen:thread-async:run', thread: 'analyse-2', file: 'a' })
    job.begin({ channel: 'fosen:thread-async:run', thread: 'analyse-2', file: 'a', pid: 8 })
    expect(timeline.running().map(([, , kind, , , what, attempt]) => [kind, what, attempt])).toEqual([
      ['task', 'Task-1', 0],
      ['call', 'a', 3],
      ['call', 'a', 0],
    ])
    handled({})
    task({ name: 'a', at: 5 })
    expect(timeline.ended.since(0).map(([, , , , , what, attempt]) => [what, attempt])).toEqual([['a', 3]])
  })

  test('ends what a process was doing that was killed, and hears no more of it', () => {
    job.begin({ file: 'a', at: 1000 })
    job.begin({ file: 'b', pid: 8, at: 1000 })
    job.tell({ type: 'worker-exit', pid: 7, at: 1020, how: 'SIGKILL' })
    job.begin({ file: 'late', at: 1019 })
    expect(timeline.ended.since(0)).toEqual([[0, 0, 'task', 0, 20, 'a', 0, 'SIGKILL']])
    expect(timeline.running().map(([, , , , , file]) => file)).toEqual(['b'])
    expect(timeline.lanes.list.map(({ ended }) => ended)).toEqual([20, undefined])
    expect(timeline.kills).toEqual([{ at: 20, pid: 7, how: 'SIGKILL' }])
  })

  test('ends what a thread was running that was terminated when its message has failed', () => {
    const end = job.begin({ channel: 'fosen:queue:process', thread: 'main', file: 'a', at: 1000 })
    job.begin({ channel: 'fosen:thread-async:run', thread: 'analyse-1', file: 'a', at: 1001 })
    end({ at: 1005, error: 'WorkerCrashedError' })
    expect(timeline.running()).toEqual([])
    expect(timeline.ended.since(0)).toEqual([[0, 0, 'call', 1, 5, 'a', 1, 'WorkerCrashedError']])
  })

  test('passes over ends of what had begun before it watched, and channels that it does not draw', () => {
    job.begin({ channel: 'fosen:other' })({})
    job.tell(operation({ type: 'end', operation: 99 }))
    job.begin({ channel: 'fosen:queue:receive' })({ at: 3 })
    expect([timeline.running(), timeline.ended.since(0), timeline.lanes.list]).toEqual([[], [], []])
  })

  test('says how many messages were put', () => {
    const put = { channel: 'fosen:queue:send', name: 'putMany', thread: 'main' }
    job.begin(put)({ at: 5, messages: 1 })
    job.begin(put)({ at: 5, messages: 12 })
    expect(timeline.ended.since(0).map(([, , , , , what]) => what)).toEqual(['1 message', '12 messages'])
  })
})
