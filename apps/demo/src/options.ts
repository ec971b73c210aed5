import { join, resolve } from 'node:path'
import { styleText } from 'node:util'
import { parseCommandLine, readNumber, UsageError } from './command-line.ts'

export interface DemoOptions {
  /** The folder to index, absolute. */
  readonly folder: string
  readonly queue: 'deque' | 'redis'
  /** The Redis to use; without one the demo starts its own. */
  readonly redisUrl: string | undefined
  /** The CSV file to write, absolute. */
  readonly out: string
  /** Threads that compute; by default as many as the machine has CPUs. */
  readonly threads: number | undefined
  /** How long an interrupted run waits for the files that are being read, in milliseconds. */
  readonly drain: number | undefined
}

const workspace = resolve(import.meta.dirname, '../../..')

export const usage = `${styleText('bold', 'demo [folder] [options]', { stream: process.stdout })}

Indexes a folder: path, size, lines, SHA-256 and gzip size of every file, into a CSV.

  folder            default: the node_modules of this workspace
  --queue KIND      deque (in this process, the default) or redis
  --redis-url URL   the Redis to use, redis://host:port; default: one started for this run
  --out FILE        the CSV; default: index.csv
  --threads N       threads that compute; default: one for each CPU
  --drain MS        how long Ctrl-C waits for the files that are being read; default: 10000
  --help            shows this

demo tour lists ten small programs, each the counterpart of one in Python.
`

/**
 * Reads the command line.
 *
 * @param base the folder that relative paths are relative to
 * @returns undefined when help was asked for
 * @throws UsageError
 */
export function readOptions(args: string[], base: string): DemoOptions | undefined {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: {
      queue: { type: 'string', default: 'deque' },
      'redis-url': { type: 'string' },
      out: { type: 'string', default: 'index.csv' },
      threads: { type: 'string' },
      drain: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.length}`)
  const { queue, 'redis-url': redisUrl, out } = values
  if (queue !== 'deque' && queue !== 'redis') throw new UsageError(`--queue is deque or redis, not ${queue}`)
  if (redisUrl !== undefined && queue !== 'redis') throw new UsageError('--redis-url goes with --queue redis')
  const [folder] = positionals
  return {
    folder: folder === undefined ? join(workspace, 'node_modules') : resolve(base, folder),
    queue,
    redisUrl,
    out: resolve(base, out),
    threads: readNumber('threads', values.threads, 1, 999),
    drain: readNumber('drain', values.drain, 0, 999_999_999),
  }
}
