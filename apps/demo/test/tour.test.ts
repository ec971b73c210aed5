import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programs } from '../src/tour/programs.ts'
import { makeOutputFolder } from './output-folder.ts'
import { runDemo } from './run-demo.ts'

const { base } = makeOutputFolder()

// Most of the time the programs wait, as their originals do: they run at the same time.
describe.concurrent('as its original in Python,', { timeout: 120_000 }, () => {
  test('1 goes on while ten threads work, each of which writes a CSV file', async () => {
    const folder = join(base, 'new')
    const { code, stdout } = await runTour('1', '--out', folder)
    expect([code, lines(stdout).sort()]).toEqual([0, lines(await recorded(1)).sort()])
    const files = Array.from({ length: 10 }, (_, i) => `data_${i}.csv`)
    expect((await readdir(folder)).sort()).toEqual(files)
    for (const file of files) checkFrame(await readFile(join(folder, file), 'latin1'))
  })

  test('2 ends by the StopIteration that nobody catches', async () => {
    const { code, stdout, stderr } = await runTour('2')
    expect([code, stdout]).toEqual([1, await recorded(2)])
    expect(stderr).toContain('StopIteration')
  })

  test.each<[number, string, ...string[]]>([
    [3, 'has the values of an iterable'],
    [4, 'runs a coroutine'],
    [5, 'shows a task before it has run and after'],
    [6, 'runs tasks at the same time'],
    [9, 'takes from a deque in a thread what another puts there', '--seed', '7', '--pause', '100'],
    [10, 'takes from a list of Redis what it has put there'],
  ])('%i %s', async (number, _, ...options) => {
    expect(await runTour(`${number}`, ...options)).toEqual({ code: 0, stdout: await recorded(number), stderr: '' })
  })

  test('7 goes on while a loop in another thread calls functions, of which one is cancelled', async () => {
    const { code, stdout } = await runTour('7')
    expect([code, byThread(stdout)]).toEqual([0, byThread(await recorded(7))])
  })

  test('8 waits for the first coroutine, and goes on while the loop has the others', async () => {
    const { code, stdout } = await runTour('8')
    const [ours, python] = [byThread(stdout), byThread(await recorded(8))]
    expect([code, ours.main]).toEqual([0, python.main])
    expect(lines(stdout).slice(0, 2)).toEqual([ours.loop[0], ours.main[0]])
    // Python's loop ends with the main thread, wherever it is then.
    expect(ours.loop).toEqual([1, 2, 3].map(i => `正在执行: ${i}`))
    expect(ours.loop).toEqual(expect.arrayContaining(python.loop))
  })
})

async function runTour(...args: string[]) {
  const run = await runDemo(['tour', ...args])
  return { ...run, stdout: translate(run.stdout) }
}

async function recorded(number: number): Promise<string> {
  const name = programs[number - 1]?.file.replace('.ts', '').replaceAll('-', '_')
  return translate(await readFile(join(import.meta.dirname, `recorded/${name}.txt`), 'utf8'))
}

/** What has to differ: how functions are named, where they are, what None is, and that redis-py gives bytes. */
function translate(printed: string): string {
  return printed
    .replaceAll('coroutine_example', 'coroutineExample')
    .replace(/ at \S+\.(py|ts):\d+>/g, ' at …>')
    .replace(/\bNone\b/g, 'undefined')
    .replace(/b'(\d)'/g, '$1')
}

const lines = (printed: string) => printed.trimEnd().split('\n')

/** The lines of each thread, whose order is defined, as that of lines of two threads is not. */
function byThread(printed: string) {
  const { loop = [], main = [] } = Object.groupBy(lines(printed), line => (/^正在执行/.test(line) ? 'loop' : 'main'))
  return { loop, main }
}

/** A thousand rows of a thousand numbers, under their columns' numbers and behind their own. */
function checkFrame(csv: string) {
  const [header, ...rows] = lines(csv)
  expect(header).toBe(`,${[...Array(1000).keys()]}`)
  expect(rows.map(row => row.slice(0, row.indexOf(',')))).toEqual([...Array(1000).keys().map(String)])
  expect(rows.every(row => /^\d+(,-?\d+(\.\d+)?(e-\d+)?){1000}$/.test(row))).toBe(true)
}
