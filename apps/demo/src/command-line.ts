import { type ParseArgsConfig, parseArgs } from 'node:util'

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * As `parseArgs`.
 *
 * @throws UsageError
 */
export function parseCommandLine<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // Advice follows, which the usage gives better.
    const [what] = (error as Error).message.split(/\.?(?:\s|$)(?=To |Did )/)
    throw new UsageError(what, { cause: error })
  }
}

/** @throws UsageError */
export function readNumber(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new UsageError(`--${option} is a number from ${least} to ${most}, not ${text}`)
}
