import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { runProgram } from './run-program.ts'
import type { Command, Runtime } from './runtimes.ts'
import type { Result, Row } from './support-table.ts'

interface Use {
  readonly use: string
  readonly program: readonly [path: string, ...args: string[]]
  /** What it prints. */
  readonly expected: string
  /** Whether it is given a Redis of its own, in REDIS_URL. */
  readonly needsRedis: boolean
}

/** Runs each example and each smoke program of a user's project on each runtime, one after the other. */
export async function findSupport(project: string, examples: string, runtimes: readonly Runtime[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const use of [...examplesOf(project, examples), ...smokeOf(project)]) {
    const results: Result[] = []
    for (const { command } of runtimes) {
      results.push(command === undefined ? 'not there' : { problem: await run(command, use) })
    }
    rows.push({ use: use.use, results })
  }
  return rows
}

async function run(command: Command, { program, expected, needsRedis }: Use): Promise<string | undefined> {
  if (!needsRedis) return await runProgram(command, program, expected)
  await using redis = await startRedisServer({ args: ['--appendonly', 'yes'] })
  return await runProgram(command, program, expected, { REDIS_URL: redis.url })
}

function examplesOf(project: string, folder: string): Use[] {
  return globSync('*.ts', { cwd: folder })
    .sort()
    .map(file => {
      const path = join(project, file)
      const code = readFileSync(path, 'utf8')
      const [, expected] = /\n\/\* prints\n(.*)\*\/\n$/s.exec(code) ?? []
      if (expected === undefined) throw new Error(`${file} does not end with a comment of what it prints`)
      return {
        use: `[examples/${file}](examples/${file})`,
        program: [path],
        expected,
        needsRedis: code.includes('REDIS_URL'),
      }
    })
}

function smokeOf(project: string): Use[] {
  const program = join(project, 'use.mjs')
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
  if (stderr !== '') throw new Error(`${basename(program)} failed: ${stderr}`)
  return JSON.parse(stdout).map((name: string) => ({
    use: name,
    program: [program, name],
    expected: 'smoke passed\n',
    needsRedis: false,
  }))
}
