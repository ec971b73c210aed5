import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PutOptions } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../src/pipeline/row.ts'
import { indexFolder, onFound } from './index-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fosen-pipeline-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the pipeline', () => {
  test('has a row with the error for a file that vanishes, or becomes something else, once it was found', async () => {
    for (const name of ['stays', 'vanishes', 'becomes a folder']) writeFileSync(join(folder, name), name)
    const change = onFound(() => {
      rmSync(join(folder, 'vanishes'))
      rmSync(join(folder, 'becomes a folder'))
      mkdirSync(join(folder, 'becomes a folder'))
    })
    const { rows } = await indexFolder(folder, change)
    const byPath = Object.fromEntries(rows.map(row => [row.path, row.error ?? row.facts.bytes]))
    expect(byPath).toEqual({ stays: 5, vanishes: 'ENOENT', 'becomes a folder': 'not a regular file' })
  })

  test('walks no further than the queue has room, and indexes every file once', async () => {
    for (let i = 0; i < 100; i++) {
      mkdirSync(join(folder, `${i}`))
      for (const name of ['a', 'b', 'c', 'd', 'e']) writeFileSync(join(folder, `${i}`, name), name)
    }
    await using queue = new BusyQueue<Message>({ capacity: 3 })
    const { rows, found, mostInFlight } = await indexFolder(folder, { queue })
    expect(found).toBe(500)
    expect(new Set(rows.map(row => row.path)).size).toBe(500)
    expect(mostInFlight).toBeGreaterThan(0)
    expect(mostInFlight).toBeLessThanOrEqual(64)
    // Those of one folder, of which the queue may hold some.
    expect(queue.mostWaiting).toBe(5)
    expect(queue.mostReady).toBeLessThanOrEqual(3)
  })

  test('has a row with the last error for a file on which the work keeps failing', async () => {
    writeFileSync(join(folder, 'unlucky'), '')
    // No pool can be made of no threads: that is told on the console, and every attempt fails.
    const { rows } = await indexFolder(folder, { threads: 0 })
    expect(rows).toEqual([{ path: 'unlucky', error: 'Error: openPool comes first' }])
  })

  // The file systems of other platforms refuse such names.
  test.runIf(process.platform === 'linux')('has a row with the error for a name that is no text', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/not`), Buffer.from([0xff])]), '')
    const { rows } = await indexFolder(folder)
    expect(rows).toEqual([{ path: 'not\ufffd', error: 'the name is not UTF-8' }])
  })
})

/** Counts what waits in it, and before it. */
class BusyQueue<T> extends DequeQueue<T> {
  mostReady = 0
  mostWaiting = 0
  #waiting = 0

  override async putMany(values: readonly T[], options?: PutOptions) {
    this.#waiting += values.length
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting)
    try {
      return await super.putMany(values, options)
    } finally {
      this.#waiting -= values.length
      this.mostReady = Math.max(this.mostReady, (await this.stats()).ready)
    }
  }
}
