import { readFileSync } from 'node:fs'
import { coroutine } from '@fosen/coroutine'
import type { CoGenerator } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { describe, expect, test } from 'vitest'
import { isGeneratorFunction } from '../../src/run-body.ts'

interface Row {
  readonly group: string
  /** The cells, with the code spans in backticks. */
  readonly python: string
  readonly fosen: string
}

export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
/** The rows of its table "Python ↔ fosen". */
export const table = rowsOf()

/** What is done as the fosen cell says: in a coroutine that a virtual loop runs, or outside of loops. */
export type Does = ((loop: VirtualEventLoop) => CoGenerator<void>) | (() => Promise<void>)

/** Tests the rows of a group, by what stands for Python: that each does what it says, by the names that it says. */
export function testRows(group: string, rows: Readonly<Record<string, Does>>): void {
  const here = table.filter(row => row.group === group)

  test(`the table has these rows of ${group}`, () => {
    expect(here.map(row => row.python)).toEqual(Object.keys(rows))
  })

  describe('where Python has', () => {
    for (const { python, fosen } of here) {
      const does = rows[python]
      if (!does) continue
      test(`${python.replaceAll('`', '')}, the other side of the row does the same`, async () => {
        const source = String(does)
        expect(callsIn(fosen, python).filter(name => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([])
        await run(does)
      })
    }
  })
}

async function run(does: Does) {
  if (!isGeneratorFunction(does)) return await (does as () => Promise<void>)()
  const loop = new VirtualEventLoop()
  const told: string[] = []
  loop.setExceptionHandler((_, { message }) => told.push(message))
  try {
    await loop.runUntilComplete(coroutine(does as (loop: VirtualEventLoop) => CoGenerator<void>)(loop))
  } finally {
    loop.close()
  }
  expect(told).toEqual([])
}

/** What a row's fosen cell calls, save what stands for the user's own functions. */
function callsIn(fosen: string, python: string): string[] {
  const same = fosen.startsWith('the same') ? python.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()) : ''
  const code = [...`${fosen} ${same}`.matchAll(/`(.*?)`/g)].map(([, span]) => span).join(' ')
  const calls = [...code.matchAll(/(\w+)\*?(?=\()/g)].map(([, name]) => name ?? '')
  return calls.filter(name => !/^(f|g|main|function|catch|if|for|coroutine)$/.test(name))
}

function rowsOf(): Row[] {
  let group = ''
  const rows: Row[] = []
  const section = readme.split('## Python ↔ fosen')[1]?.split('\n## ')[0] ?? ''
  for (const [, python = '', fosen = ''] of section.matchAll(/^\| (.*?) \| (.*?) ?\|$/gm)) {
    if (python.startsWith('**')) group = python.replaceAll('*', '')
    else if (group) rows.push({ group, python, fosen })
  }
  return rows
}
