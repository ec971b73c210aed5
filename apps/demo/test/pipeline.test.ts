import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DequeQueue } from '@fosen/queue-deque'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runPipeline } from '../src/pipeline/pipeline.ts'
import type { Job } from '../src/pipeline/row.ts'
import { describeRest, summarise } from '../src/report/summary.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fosen-pipeline-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the pipeline over the folder; `onFound` is called before the files that were found are in the queue. */
async function run(
  onFound: (found: number) => void,
  { capacity = 10, threads = 1, controller = new AbortController() } = {},
) {
  const queue = new DequeQueue<Job>({ capacity })
  let seen = 0
  const onProgress = ({ found }: { found: number }) => {
    if (found > seen) onFound(found)
    seen = found
  }
  try {
    return await runPipeline({ folder, queue, skip: '', threads, signal: controller.signal, onProgress })
  } finally {
    await queue.close()
  }
}

describe('the pipeline', () => {
  test('has a row with the error for a file that vanishes, or becomes something else, once it was found', async () => {
    for (const name of ['stays', 'vanishes', 'becomes a folder']) writeFileSync(join(folder, name), name)
    const { rows } = await run(() => {
      rmSync(join(folder, 'vanishes'))
      rmSync(join(folder, 'becomes a folder'))
      mkdirSync(join(folder, 'becomes a folder'))
    })
    const byPath = Object.fromEntries(rows.map(row => [row.path, row.error ?? row.facts.bytes]))
    expect(byPath).toEqual({ stays: 5, vanishes: 'ENOENT', 'becomes a folder': 'not a regular file' })
  })

  test('lets no more messages wait than the queue holds, and indexes every file once', async () => {
    for (let i = 0; i < 500; i++) writeFileSync(join(folder, `${i}`), `${i}`)
    const { rows, found, mostInFlight } = await run(() => {}, { capacity: 3 })
    expect(found).toBe(500)
    expect(new Set(rows.map(row => row.path)).size).toBe(500)
    expect(mostInFlight).toBeGreaterThan(0)
    expect(mostInFlight).toBeLessThanOrEqual(64)
  })

  test('has a row with the last error for a file on which the work keeps failing', async () => {
    writeFileSync(join(folder, 'unlucky'), '')
    // No pool can be made of no threads: that is told on the console, and every attempt fails.
    const { rows } = await run(() => {}, { threads: 0 })
    expect(rows).toEqual([{ path: 'unlucky', error: 'Error: openPool comes first' }])
  })

  // The file systems of other platforms refuse such names.
  test.runIf(process.platform === 'linux')('has a row with the error for a name that is no text', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/not`), Buffer.from([0xff])]), '')
    const { rows } = await run(() => {})
    expect(rows).toEqual([{ path: 'not\ufffd', error: 'the name is not UTF-8' }])
  })

  test('says what it has left undone when it is interrupted', async () => {
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), name)
    const controller = new AbortController()
    const outcome = await run(() => controller.abort(new Error('interrupted')), { controller })
    expect(outcome).toMatchObject({ rows: [], found: 3, walked: false })
    expect(describeRest(outcome)).toBe(
      'interrupted: 3 of 3 files found are not in the index, and the folder was not walked to its end',
    )
  })
})

test('the summary counts duplicates, what they waste, and how extensions compress', () => {
  const file = (path: string, bytes: number, gzipBytes: number, sha256 = path) => ({
    path,
    facts: { bytes, lines: 0, sha256, gzipBytes },
  })
  const rows = [
    file('a.json', 2_000_000, 200_000, 'twin'),
    file('b.json', 2_000_000, 200_000, 'twin'),
    file('c.png', 1_000_000, 990_000),
    file('README', 20_000, 10_000),
    file('too-small-to-count.x', 5, 25),
    file('empty', 0, 20, 'nothing'),
    file('empty too', 0, 20, 'nothing'),
    { path: 'gone', error: 'ENOENT' },
  ]
  const outcome = {
    rows,
    found: 8,
    walked: true,
    milliseconds: 2000,
    mostInFlight: 7,
    threads: [{ name: 'main', utilization: 0.256 }],
  }
  expect(summarise(outcome, 'index.csv')).toBe(
    [
      'files       7, 5.0 MB, and 1 that could not be read',
      'time        2.0 s',
      'speed       4 files/s, 2.5 MB/s',
      'duplicates  1 groups, which waste 2.0 MB',
      'gzips best  .json to 10%, (none) to 50%, .png to 99%',
      'gzips worst .png to 99%, (none) to 50%, .json to 10%',
      'in flight   7 messages at the most',
      'busy        main 26%',
      'index       index.csv',
      '',
    ].join('\n'),
  )
})
