import { describe, expect, test } from 'vitest'
import { GeneratedPart } from '../src/generated.ts'
import { differences, type Row, supportTable } from '../src/support-table.ts'

const runtimes = ['Node 1', 'Bun 2']
const works = { problem: undefined }
const table = (...rows: Row[]) => supportTable(runtimes, rows)
const row = (use: string, ...results: Row['results']): Row => ({ use, results })

describe('the table of what works where', () => {
  test('has a column for each runtime, and each reason once', () => {
    const fails = { problem: 'Error: no `v8`' }
    expect(table(row('a', works, fails), row('b', fails, 'not there')).split('\n')).toEqual([
      '| | Node 1 | Bun 2 |',
      '|---|---|---|',
      '| a | yes | no [1] |',
      '| b | no [1] | not tried: the binary could not be had |',
      '',
      "1. `Error: no 'v8'`",
    ])
  })

  test('differs where something works that did not, or fails for another reason', () => {
    const before = table(row('a', works, { problem: 'x' }), row('b', works, { problem: 'y' }), row('c', works, works))
    const now = table(row('a', works, works), row('b', works, { problem: 'z' }), row('c', { problem: 'y' }, works))
    expect(differences(before, now, runtimes)).toEqual([
      'a on Bun 2: the README says no `x`, and it is yes',
      'b on Bun 2: the README says no `y`, and it is no `z`',
      'c on Node 1: the README says yes, and it is no `y`',
    ])
    expect(differences(before, before, runtimes)).toEqual([])
  })

  test('differs by a use that is new or gone', () => {
    expect(differences(table(row('a', works, works)), table(row('b', works, works)), runtimes)).toHaveLength(4)
  })

  test('is not asked about a runtime that could not be had', () => {
    const before = table(row('a', works, works))
    expect(differences(before, table(row('a', works, 'not there')), ['Node 1'])).toEqual([])
  })
})

describe('a part of a document', () => {
  test('is replaced between its markers alone', () => {
    const part = new GeneratedPart('a\n<!-- begin x -->\nold\n<!-- end x -->\nb', 'x')
    expect(part.text).toBe('old')
    expect(part.replaced('new')).toBe('a\n<!-- begin x -->\nnew\n<!-- end x -->\nb')
  })

  test('has to be there', () => {
    expect(() => new GeneratedPart('<!-- begin x -->', 'x')).toThrow(
      'there is no part <!-- begin x --> … <!-- end x -->',
    )
  })
})
