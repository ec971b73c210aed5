import { describe, expect, test } from 'vitest'
import { loadCpython } from '../src/index.ts'

const { runProgram } = await loadCpython()

describe('a program without a loop', () => {
  test('is refused when it is no Python, and fails when main raises', () => {
    expect(() => runProgram('def main(:')).toThrow('SyntaxError')
    expect(() => runProgram("def main(_): raise ValueError('bad')")).toThrow('ValueError: bad')
  })

  test('is given a value, and gives one', () => {
    const source = `
      from collections import deque

      def main(values):
          d = deque(values['xs'], values['maxlen'])
          d.rotate()
          return [list(d), d.maxlen]
    `
    expect(runProgram(source, { xs: [1, 'a', null, 2.5], maxlen: 3 })).toEqual([[2.5, 'a', null], 3])
    expect(runProgram('def main(nothing): return nothing')).toBe(null)
  })
})
