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
  /** Worker processes; by default the work is done in this one. */
  readonly workers: number | undefined
  /** How many files are indexed at the most. */
  readonly limit: number | undefined
  /** Whether a worker, or a thread, is killed every second. */
  readonly chaos: boolean
  /** Work on files whose path has this in it fails, until they are requeued. */
  readonly fail: string | undefined
  /** Whether a live page shows the run, while it goes on and after it. */
  readonly ui: boolean
  /** The port of the page; by default any that is free. */
  readonly port: number | undefined
  /** Whether the summary is JSON. */
  readonly json: boolean
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
  --threads N       threads that compute, of each worker; default: one for each CPU, shared among the workers
  --workers N       worker processes, over Redis; default: none, the work is done in this process
  --chaos           kills a worker every second, or a thread when there are no workers
  --fail TEXT       has the work fail on files with TEXT in their path, until they are requeued
  --limit N         indexes N files at the most
  --ui              serves a live page of the run on 127.0.0.1, until Ctrl-C
  --port N          the port of the page; default: any that is free
  --json            prints the summary as JSON
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
      queue: { type: 'string' },
      'redis-url': { type: 'string' },
      out: { type: 'string', default: 'index.csv' },
      threads: { type: 'string' },
      drain: { type: 'string' },
      workers: { type: 'string' },
      chaos: { type: 'boolean', default: false },
      fail: { type: 'string' },
      limit: { type: 'string' },
      ui: { type: 'boolean', default: false },
      port: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.length}`)
  const { 'redis-url': redisUrl, out, chaos, fail, ui, json } = values
  const workers = readNumber('workers', values.workers, 1, 64)
  const queue = values.queue ?? (workers === undefined ? 'deque' : 'redis')
  if (queue !== 'deque' && queue !== 'redis') throw new UsageError(`--queue is deque or redis, not ${queue}`)
  if (workers !== undefined && queue === 'deque') throw new UsageError('--workers goes with --queue redis')
  if (out === '') throw new UsageError('--out takes the name of a file')
  if (fail === '') throw new UsageError('--fail takes a part of a path')
  if (redisUrl !== undefined && queue !== 'redis') throw new UsageError('--redis-url goes with --queue redis')
  if (values.port !== undefined && !ui) throw new UsageError('--port goes with --ui')
  const [folder] = positionals
  if (folder === '') throw new UsageError('the folder has no name')
  return {
    folder: folder === undefined ? join(workspace, 'node_modules') : resolve(base, folder),
    queue,
    redisUrl,
    out: resolve(base, out),
    threads: readNumber('threads', values.threads, 1, 999),
    workers,
    limit: readNumber('limit', values.limit, 1, 999_999_999),
    chaos,
    fail,
    ui,
    port: readNumber('port', values.port, 0, 65_535),
    json,
    drain: readNumber('drain', values.drain, 0, 999_999_999),
  }
}
