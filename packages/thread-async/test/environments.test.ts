import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempDisposableSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const packages = fileURLToPath(new URL('../../', import.meta.url))
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/environments/${name}`, import.meta.url))

interface Environment {
  readonly cwd?: string
  readonly NODE_OPTIONS?: string
}

/** What Node prints. */
async function run(args: readonly string[], { cwd, NODE_OPTIONS = '' }: Environment = {}): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS }
  return (await promisify(execFile)(process.execPath, args, { env, ...(cwd && { cwd }) })).stdout
}

/** A folder of a user who has installed the packages. */
function project(name: string) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'project-'))
  const path = join(folder.path, name)
  mkdirSync(join(path, 'node_modules/@fosen'), { recursive: true })
  for (const each of ['thread-async', 'shared-memory']) {
    symlinkSync(join(packages, each), join(path, 'node_modules/@fosen', each), 'junction')
  }
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const answers = '[ 2, false ] [ 3, false ]\n'

describe('a program', () => {
  test.each([
    ['answers.ts', 'answers.ts'],
    ['answers.ts', 'answers.mts'],
    ['answers.cts', 'answers.cts'],
    ['answers.cjs', 'answers.cjs'],
    ['answers.cjs', 'answers.js'],
    ['answers.ts', 'änswers #1 of 100%20.ts'],
  ])('%s, as %s in a folder of an odd name, has its functions run by threads', async (source, name) => {
    using folder = project('a folder #1 & 50% of ünïcode?')
    copyFileSync(fixture(source), join(folder.path, name))
    expect(await run([join(folder.path, name)])).toBe(answers)
  })

  test('is found through a symbolic link, and a path that was relative', async () => {
    using folder = project('links')
    symlinkSync(fixture('answers.ts'), join(folder.path, 'link.ts'))
    expect(await run(['link.ts', tmpdir()], { cwd: folder.path })).toBe(answers)
    const cwd = dirname(fixture('answers.ts'))
    expect(await run([basename(fixture('answers.ts')), tmpdir()], { cwd })).toBe(answers)
  })

  test('whose folder was deleted is told that no thread can start, and goes on with those it has', async () => {
    expect(await run([fixture('gone.ts')])).toBe("[ 'WorkerCrashedError', 'ENOENT' ]\n")
    expect(await run([fixture('gone.ts'), 'started before'])).toBe('it runs\n')
  })

  test('has its arguments in threads, too, where its modules are imported', async () => {
    expect(await run([fixture('arguments.ts'), 'Ann', '--verbose'])).toBe("[ [ 'Ann', '--verbose' ], 'Ann' ]\n")
  })

  test.each([
    ['that are forbidden', '--permission --allow-fs-read=*', 'Error ERR_ACCESS_DENIED\n'.repeat(3), 'Error\n'],
    [
      'that fail when they start',
      `--require ${JSON.stringify(fixture('fails-in-threads.cjs'))}`,
      'WorkerCrashedError fails in threads\n'.repeat(3),
      'WorkerCrashedError\n',
    ],
  ])('with threads %s has every call fail, and its pool ends', async (_, NODE_OPTIONS, awaited, blockedOn) => {
    expect(await run([fixture('fails.ts')], { NODE_OPTIONS })).toBe(awaited + blockedOn)
  })

  test('that is a test of node:test has its functions run by threads', async () => {
    expect(await run(['--test', '--test-reporter=tap', fixture('runner.mjs')])).toMatch(/^# pass 2$/m)
  })
})

describe('NODE_OPTIONS', () => {
  test.each([
    ['--max-old-space-size=256'],
    ['--enable-source-maps'],
    ['--inspect=0'],
    ['--unhandled-rejections=strict --trace-warnings --no-deprecation'],
    ['--no-experimental-require-module'],
    ['--permission --allow-worker --allow-fs-read=* --no-warnings'],
  ])('of %s are of no consequence', async NODE_OPTIONS => {
    expect(await run([fixture('answers.ts')], { NODE_OPTIONS })).toBe(answers)
  })

  test('hold for threads: what is preloaded, and hooks of the module loader', async () => {
    const NODE_OPTIONS = `--require ${JSON.stringify(fixture('preload.cjs'))} --import ${pathToFileURL(fixture('hooks.mjs')).href}`
    expect(await run([fixture('loaded.mjs')], { NODE_OPTIONS })).toBe("[ 'preloaded in a thread', 'hooked' ]\n")
  })
})
