import { readFileSync } from 'node:fs'
import { loadCpython } from '@fosen/cpython'
import { expect, test } from 'vitest'
import { Deque } from '../src/index.ts'

const { runProgram } = await loadCpython()
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const program = read('fixtures/readme_program.py')

interface Outcome {
  readonly given: unknown
  /** What is in the deque then. */
  readonly d: unknown[]
}

const runPython = (lines: readonly string[]) => runProgram(program, lines) as Outcome[]

/** As `readme_program.py` does it. */
function run(line: string): Outcome {
  const names = {
    Deque,
    d: new Deque([3, 1, 2, 1, 2], { maxlen: 8 }),
    e: new Deque([3, 1, 4]),
    x: 1,
    i: 2,
    xs: [5, 6, 7],
  }
  let given: unknown
  try {
    given = new Function(...Object.keys(names), `return ${line}`)(...Object.values(names))
  } catch (error) {
    given = (error as Error).name
  }
  return { given, d: [...names.d] }
}

/** The rows of the README's tables of Python and fosen: the code in each of their cells. */
const rows = [...read('../README.md').matchAll(/^\| Python \| fosen \|\n\|---\|---\|\n((?:\|.*\n)+)/gm)]
  .flatMap(([, body = '']) => body.trim().split('\n'))
  .map(row => {
    const [python = [], fosen = []] = row
      .split('|')
      .slice(1, 3)
      .map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code))
    return { row, python, fosen }
  })
const differs = ({ row }: { row: string }) => /`: `/.test(row)

test('the README has tables of what is the same and of what differs', () => {
  expect(rows.filter(differs).length).toBeGreaterThan(5)
  expect(rows.length).toBeGreaterThan(15)
})

test.for(rows.filter(row => !differs(row)))(
  'the README is right that this does the same: $row',
  ({ python, fosen }) => {
    expect(fosen).toHaveLength(python.length)
    const theirs = runPython(python)
    for (const [i, line] of fosen.entries()) {
      const { given, d } = run(line)
      const plain = typeof given === 'object' ? [...(given as Iterable<unknown>)] : given
      expect(d).toEqual(theirs[i]?.d)
      // What is a statement in Python gives nothing.
      if (!/^del /.test(python[i] ?? '')) expect(plain ?? null).toEqual(theirs[i]?.given)
    }
  },
)

test.for(rows.filter(differs))('the README is right about what differs: $row', ({ python, fosen }) => {
  const pythonic = new Map<unknown, string>([
    [null, 'None'],
    [true, 'True'],
  ])
  const theirs = runPython(python.slice(0, 1))[0]?.given
  expect(pythonic.get(theirs) ?? theirs).toBe(python[1])
  expect(String(run(fosen[0] ?? '').given)).toBe(fosen[1])
})
