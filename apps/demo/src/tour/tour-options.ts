import { styleText } from 'node:util'
import { parseCommandLine, readNumber, UsageError } from '../command-line.ts'
import { type Program, type ProgramOption, programs } from './programs.ts'

export interface TourOptions {
  readonly program: Program
  /** As the program takes them. */
  readonly given: Readonly<Partial<Record<ProgramOption, string>>>
}

export const tourUsage = `${styleText('bold', 'demo tour [1-10] [options]', { stream: process.stdout })}

Runs one of ten small programs; it prints what its Python original prints. Both are in apps/demo/src/tour.

${programs.map(({ shows }, i) => `${`${i + 1}`.padStart(4)}  ${shows}\n`).join('')}
  --out FOLDER      1: where its ten CSV files go; default: tour-data
  --seed N          9: chooses its numbers, as random.seed(N) does; default: others each time
  --pause MS        9: from one number to the next; default: 2000
  --redis-url URL   10: the Redis to use, redis://host:port; default: one started for this run
  --help            shows this
`

/**
 * Reads the command line.
 *
 * @returns undefined when the list was asked for
 * @throws UsageError
 */
export function readTourOptions(args: string[]): TourOptions | undefined {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      seed: { type: 'string' },
      pause: { type: 'string' },
      'redis-url': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { help, ...given } = values
  if (help || args.length === 0) return undefined
  if (positionals.length !== 1) throw new UsageError(`give the number of one program, not of ${positionals.length}`)
  const [number] = positionals
  const program = programs.find((_, i) => `${i + 1}` === number)
  if (!program) throw new UsageError(`the programs are 1 to 10; there is no ${number}`)
  const stray = Object.keys(given).find(option => !program.options.some(own => own === option))
  if (stray) throw new UsageError(`--${stray} is no option of program ${number}`)
  readNumber('seed', given.seed, 0, 2 ** 32 - 1)
  readNumber('pause', given.pause, 0, 999_999_999)
  return { program, given }
}
