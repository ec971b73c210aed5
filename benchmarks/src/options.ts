import { parseArgs } from 'node:util'
import { isSuite, type SuiteName, suites } from './suites.ts'

export const usage = `usage: pnpm bench <suite> [options]
  a suite is one of: ${Object.keys(suites).join(', ')}
  --only TEXT        only the workloads with this in their title
  --list             shows the titles, and runs nothing
  --repetitions N    7 by default, and at least under --gate, where gates of parity have 15
  --gate             judges the gates, also pinned to one CPU, and exits 1 when one is missed
  --json FILE        writes all that was found`

export interface Options {
  readonly suite: SuiteName
  readonly only: string
  readonly list: boolean
  readonly repetitions: number
  readonly gate: boolean
  readonly json: string | undefined
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
    },
  })
  const [suite = '', ...more] = positionals
  if (!isSuite(suite)) throw new TypeError(suite ? `there is no suite ${suite}` : 'a suite is needed')
  if (more.length > 0) throw new TypeError(`one suite at a time: not ${more.join(', ')} as well`)
  const repetitions = Number(values.repetitions)
  if (!Number.isSafeInteger(repetitions) || repetitions < 1) {
    throw new TypeError(`--repetitions is a positive integer, not ${values.repetitions}`)
  }
  const { only, list, gate, json } = values
  return { suite, only, list, repetitions, gate, json }
}
