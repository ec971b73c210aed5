import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DequeQueue } from '@fosen/queue-deque'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../src/pipeline/row.ts'
import { describeShortfall } from '../src/report/shortfall.ts'
import { indexFolder, onFound } from './index-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fosen-pipeline-end-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a run that does not index everything', () => {
  test('says what it has left undone when it is interrupted', async () => {
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), name)
    const controller = new AbortController()
    const outcome = await indexFolder(folder, {
      signal: controller.signal,
      ...onFound(() => controller.abort(new Error('stop'))),
    })
    expect(outcome).toMatchObject({ rows: [], found: 3, walked: false })
    expect(describeShortfall(outcome)).toBe(
      'interrupted: 3 of 3 files found are not in the index, and the folder was not walked to its end',
    )
  })

  test('waits no longer than the drain for a file that is never done', async () => {
    writeFileSync(join(folder, 'endless'), '')
    truncateSync(join(folder, 'endless'), 2 ** 36)
    writeFileSync(join(folder, 'small'), '')
    const controller = new AbortController()
    const outcome = await indexFolder(folder, {
      threads: 2,
      signal: controller.signal,
      drain: 50,
      onProgress({ done }) {
        if (done === 1) controller.abort(new Error('interrupted'))
      },
    })
    expect(outcome).toMatchObject({ rows: [{ path: 'small' }], end: 'interrupted', found: 2 })
  })

  test('ends when the queue does not answer any more, with what is done', async () => {
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), name)
    await using queue = new DequeQueue<Message>()
    const never = new Promise<never>(() => {})
    vi.spyOn(queue.deadLetters, 'list').mockReturnValue(never)
    vi.spyOn(queue, 'putMany').mockImplementation(() => {
      vi.spyOn(queue, 'stats').mockReturnValue(never)
      return never
    })
    const outcome = await indexFolder(folder, { queue, silence: 60 })
    expect(outcome).toMatchObject({ rows: [], end: 'gone', found: 2 })
    expect(describeShortfall(outcome)).toMatch(/^the queue does not answer any more: 2 of 2 files found are not/)
  })

  test('has a row with the error for a file that the queue has lost', async () => {
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), name)
    await using queue = new DequeQueue<Message>()
    const { putMany } = queue
    vi.spyOn(queue, 'putMany').mockImplementation((jobs, options) =>
      putMany.call(
        queue,
        jobs.filter(({ path }) => path === 'a'),
        options,
      ),
    )
    const outcome = await indexFolder(folder, { queue })
    expect(outcome).toMatchObject({ lost: 1, end: 'done', found: 2 })
    expect(outcome.rows.find(({ path }) => path === 'b')).toEqual({ path: 'b', error: 'lost by the queue' })
    expect(describeShortfall(outcome)).toBe('the queue has lost 1 of 2 files found')
  })
})
