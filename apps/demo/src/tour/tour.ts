import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RedisDeque } from '@fosen/queue-redis'
import { startRedisServer } from '@fosen/redis-server'
import { runProgram } from './run-program.ts'
import { readTourOptions, tourUsage } from './tour-options.ts'

/**
 * Lists the programs, or runs one.
 *
 * @param base the folder that relative paths are relative to
 * @returns the exit code: that of the program when one has run
 * @throws UsageError
 * @throws when a folder cannot be made, or Redis cannot be started or reached, with one sentence that says why
 */
export async function tour(args: string[], base: string): Promise<number> {
  const options = readTourOptions(args)
  if (!options) {
    process.stdout.write(tourUsage)
    return 0
  }
  const { program, given } = options
  const { out, ...passed } = given
  let folder = base
  await using opened = new AsyncDisposableStack()
  if (program.options.includes('out')) {
    folder = resolve(base, out ?? 'tour-data')
    await mkdir(folder, { recursive: true })
    process.stderr.write(`its files go to ${folder}\n`)
  }
  if (passed['redis-url'] !== undefined) {
    await checkReachable(passed['redis-url'])
  } else if (program.options.includes('redis-url')) {
    passed['redis-url'] = opened.use(await startRedisServer()).url
  }
  return await runProgram(
    program.file,
    Object.entries(passed).map(([option, value]) => `--${option}=${value}`),
    folder,
  )
}

/** The program itself would tell with the place in its code. */
async function checkReachable(url: string) {
  await using list = new RedisDeque('Fosen', { url })
  await list.length()
}
