import { describe, expect, test } from 'vitest'
import { parseOptions } from '../src/options.ts'
import { suiteNames } from '../src/suites.ts'

describe('the options of pnpm bench', () => {
  test.each([
    [['toString'], 'there is no suite toString'],
    [['deque', 'threads'], 'one suite at a time: not threads as well'],
    [['deque', '--repetitions', '0'], '--repetitions is a positive integer, not 0'],
    [['deque', '--repetitions', '1.5'], '--repetitions is a positive integer, not 1.5'],
    [['deque', '--fast'], "Unknown option '--fast'"],
  ])('%j are refused: %s', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })

  test('have defaults', () => {
    const defaults = { only: '', list: false, repetitions: 7, gate: false, json: undefined, page: undefined }
    expect(parseOptions(['deque'])).toEqual({ ...defaults, suites: ['deque'] })
    const page = expect.stringMatching(/\/benchmarks\/\.page\/index\.md$/)
    expect(parseOptions([])).toEqual({ ...defaults, suites: suiteNames, page })
    expect(parseOptions(['--page', 'x.md'])).toMatchObject({ page: 'x.md' })
    expect(parseOptions(['--gate', 'deque', '--json', 'x', '--only', 'y', '--repetitions', '9', '--list'])).toEqual({
      ...{ suites: ['deque'], only: 'y', list: true, repetitions: 9, gate: true, json: 'x', page: undefined },
    })
  })
})
