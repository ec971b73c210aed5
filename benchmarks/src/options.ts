import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isSuite, type SuiteName, suiteNames } from './suites.ts'

export const usage = `usage: pnpm bench [suite] [options]
  a suite is one of: ${suiteNames.join(', ')}; all of them, without one
  --only TEXT        only the workloads with this in their title
  --list             shows the titles, and runs nothing
  --repetitions N    7 by default, and at least under --gate, where gates of parity have 15; 1 is without a warm-up
  --gate             judges the gates, also pinned to one CPU, and exits 1 when one is missed
  --json FILE        writes all that was found
  --page FILE        writes it as Markdown, with a chart of each suite beside it; without a suite, by default to
                     benchmarks/.page/index.md`

const defaultPage = fileURLToPath(new URL('../.page/index.md', import.meta.url))

export interface Options {
  readonly suites: readonly SuiteName[]
  readonly only: string
  readonly list: boolean
  readonly repetitions: number
  readonly gate: boolean
  readonly json: string | undefined
  readonly page: string | undefined
}

/** @throws TypeError when they are not what `usage` says */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      repetitions: { type: 'string', default: '7' },
      gate: { type: 'boolean', default: false },
      json: { type: 'string' },
      page: { type: 'string' },
    },
  })
  const [suite, ...more] = positionals
  if (suite !== undefined && !isSuite(suite)) throw new TypeError(`there is no suite ${suite}`)
  if (more.length > 0) throw new TypeError(`one suite at a time: not ${more.join(', ')} as well`)
  const repetitions = Number(values.repetitions)
  if (!Number.isSafeInteger(repetitions) || repetitions < 1) {
    throw new TypeError(`--repetitions is a positive integer, not ${values.repetitions}`)
  }
  const { only, list, gate, json, page = suite === undefined ? defaultPage : undefined } = values
  const chosen = suite === undefined ? suiteNames : [suite]
  return { suites: chosen, only, list, repetitions, gate, json, page }
}
