import { lowerGate } from './gate.ts'
import type { Job } from './job.ts'
import type { Result } from './measure.ts'
import { missedGates } from './report.ts'
import { runApart } from './run-apart.ts'

/** How much of the peers' speed ours must keep when all threads share one CPU. */
const floor = 0.7

export interface Pinned {
  readonly results: readonly Result[]
  readonly missed: readonly string[]
}

/**
 * Runs those workloads of a job whose gates ask for a ratio once more on one CPU, with a floor for it. That it cannot be done
 * is a missed gate on Linux, where `taskset` belongs to util-linux, and none elsewhere.
 *
 * @param unpinned what the job has given
 */
export async function runPinned(
  built: string,
  job: Job,
  unpinned: readonly Result[],
  platform: string,
  run = runApart,
): Promise<Pinned> {
  if (!unpinned.some(({ gate }) => lowerGate(gate, floor))) return { results: [], missed: [] }
  console.log('pinned to one CPU\n')
  try {
    const results = await run(built, { ...job, floor }, ['taskset', '-c', '0'])
    return { results, missed: missedGates(results, ', pinned to one CPU') }
  } catch (error) {
    const said = `${job.suite}, pinned to one CPU: ${(error as Error).message}`
    console.error(platform === 'linux' ? said : `${said}; not counted on ${platform}`)
    return { results: [], missed: platform === 'linux' ? [said] : [] }
  }
}
