import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { parse } from 'csv-parse/sync'
import { describe, expect, test, vi } from 'vitest'
import { makeOutputFolder } from './output-folder.ts'
import { type Child, runDemo } from './run-demo.ts'
import { isAlive } from './worker-job.ts'

const many = join(import.meta.dirname, '../../../node_modules')
const few = join(import.meta.dirname, '../src')
const { base, out } = makeOutputFolder()

const rowsOf = (path: string) => (parse(readFileSync(path)) as string[][]).length - 1

function childrenOf({ pid }: Child): number[] {
  const list = `/proc/${pid}/task/${pid}/children`
  const pids = existsSync(list)
    ? readFileSync(list, 'utf8')
    : execFileSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
  return pids.trim().split(/\s+/).map(Number)
}

/** A file system with 4 KiB of room. */
const tiny = join(base, 'tiny')
mkdirSync(tiny)
function mountTiny(): Disposable {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', tiny], { stdio: 'ignore' })
  return { [Symbol.dispose]: () => execFileSync('umount', [tiny]) }
}

/** Whether this process may mount one. */
function mayMount(): boolean {
  try {
    using _mounted = mountTiny()
    return true
  } catch {
    return false
  }
}

describe.runIf(process.platform === 'linux')('a full disk', () => {
  const sentence = /^error: cannot write the index to (.*): ENOSPC: no space left on device, write; it is in (.*)\n$/m

  async function indexTo(path: string) {
    const { code, stdout, stderr } = await runDemo([few, '--out', path, '--json'])
    const [, wanted, kept = ''] = sentence.exec(stderr) ?? []
    expect([code, wanted]).toEqual([1, path])
    const { index, files } = JSON.parse(stdout)
    expect([index, rowsOf(kept)]).toEqual([kept, files])
    rmSync(dirname(kept), { recursive: true })
  }

  test('costs no index: it is elsewhere, as a sentence says', () => indexTo('/dev/full'))

  test.runIf(mayMount())('keeps no half of an index', async () => {
    using _mounted = mountTiny()
    writeFileSync(join(tiny, 'other'), Buffer.alloc(12 * 1024))
    await indexTo(join(tiny, 'index.csv'))
    expect(readdirSync(tiny)).toEqual(['other'])
  })

  test.runIf(mayMount())('that has no room elsewhere either is told, and keeps nothing', async () => {
    using _mounted = mountTiny()
    writeFileSync(join(tiny, 'other'), Buffer.alloc(12 * 1024))
    const path = join(tiny, 'index.csv')
    const { code, stdout, stderr } = await runDemo([few, '--out', path, '--json'], { env: { TMPDIR: tiny } })
    expect([code, JSON.parse(stdout).index]).toEqual([1, null])
    expect(stderr).toMatch(`error: cannot write the index to ${path}: ENOSPC: no space left on device, write\n`)
    expect(readdirSync(tiny)).toEqual(['other'])
  })

  test('that stdout goes to is told, and the index is written', async () => {
    const path = join(base, 'without-summary.csv')
    const { code, stderr } = await runDemo([few, '--out', path], { stdout: openSync('/dev/full', 'w') })
    expect([code, stderr]).toEqual([1, expect.stringContaining('error: cannot write to stdout: ENOSPC')])
    expect(stderr).not.toContain('    at ')
    expect(rowsOf(path)).toBeGreaterThan(0)
  })
})

describe('a folder that cannot be read', () => {
  test.each([
    ['in this process', []],
    ['with workers', ['--workers', '2']],
  ])('ends the run %s at once', async (name, args) => {
    const folder = join(base, name)
    mkdirSync(folder)
    chmodSync(folder, 0)
    const path = join(base, `${name}.csv`)
    const { code, stdout, stderr } = await runDemo([folder, '--out', path, ...args], { unprivileged: true })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe(`indexing ${folder}\nerror: cannot read the folder ${folder}: EACCES\n`)
    expect(existsSync(path)).toBe(false)
  })
})

describe('a run with workers', { timeout: 60_000 }, () => {
  test('that is interrupted has every row that was done, and leaves no process', async () => {
    let workers: number[] = []
    let started: Child | undefined
    const { code, stdout, stderr } = await runDemo([many, '--workers', '2', '--out', out, '--json'], {
      interruptAt: /\d{2,} of \d+ files\n/,
      onStart(child) {
        started = child
      },
      beforeInterrupt() {
        if (started) workers = childrenOf(started)
      },
    })
    expect(code).toBe(130)
    const { end, deliveries, shortfall } = JSON.parse(stdout)
    expect([end, deliveries.lost, deliveries.left > 0]).toEqual(['interrupted', 0, true])
    expect(stderr).toContain(shortfall)
    expect(rowsOf(out)).toBe(deliveries.expected - deliveries.left)
    // The Redis of the run is one of them.
    expect(workers.length).toBe(3)
    expect(workers.filter(isAlive)).toEqual([])
  })

  test('that is killed takes its workers with it', async () => {
    const redis = await startRedisServer({ args: ['--appendonly', 'yes'] })
    try {
      let started: Child | undefined
      const args = [many, '--workers', '2', '--redis-url', redis.url, '--out', join(base, 'killed.csv')]
      let workers: number[] = []
      await runDemo(args, {
        onStart(child) {
          started = child
        },
        interruptAt: /\d{2,} of \d+ files\n/,
        beforeInterrupt() {
          if (!started) return
          workers = childrenOf(started)
          started.kill('SIGKILL')
        },
      })
      expect(workers.length).toBe(2)
      await vi.waitFor(() => expect(workers.filter(isAlive)).toEqual([]), 10_000)
    } finally {
      await redis.stop()
    }
  })

  test('whose Redis is gone in the middle says so in a sentence, and keeps what is done', async () => {
    const redis = await startRedisServer({ args: ['--appendonly', 'yes'] })
    try {
      let gone = false
      const { code, stdout, stderr } = await runDemo([many, '--workers', '2', '--redis-url', redis.url, '--out', out], {
        onStart: child =>
          child.stderr.on('data', (piece: Buffer) => {
            if (gone || !/\d{2,} of \d+ files\n/.test(`${piece}`)) return
            gone = true
            process.kill(redis.pid, 'SIGKILL')
          }),
      })
      expect(code).toBe(1)
      const errors = stderr.split('\n').filter(line => line.startsWith('error: '))
      expect(errors).toEqual([
        expect.stringMatching(/^error: the queue does not answer any more: [\d,]+ of [\d,]+ files found/),
      ])
      expect(stderr.match(/warning: the connection to .* is lost/g)).toHaveLength(1)
      expect(stdout).toMatch(/^delivery .* lost 0, not done [\d,]+$/m)
      expect(rowsOf(out)).toBeGreaterThan(0)
    } finally {
      await redis.stop()
    }
  })
})
