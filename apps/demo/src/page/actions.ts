import { count, formatNumber } from '../format-number.ts'
import { type Job, mostLoad } from '../job.ts'

/** Files that are added at a press of the button, unless it says how many. */
const load = 1000

/** What the page may have done, by name; each gives what it has done, as a sentence. */
export const actions: Readonly<
  Record<string, (job: Job, parameters: Readonly<Record<string, unknown>>) => Promise<string>>
> = {
  async pause(job) {
    await job.pause()
    return 'Paused: nothing is taken from the queue'
  },
  async resume(job) {
    await job.resume()
    return 'Resumed'
  },
  async load(job, { files = load }) {
    if (!Number.isSafeInteger(files) || (files as number) < 1 || (files as number) > mostLoad) {
      throw new ActionError(`files is a whole number from 1 to ${formatNumber(mostLoad)}, not ${JSON.stringify(files)}`)
    }
    const added = await job.addLoad(files as number)
    return added === 0 ? 'No file was found yet that could be added' : `${count(added, 'file')} more`
  },
  async kill(job, { pid }) {
    if (pid !== undefined && !Number.isSafeInteger(pid)) {
      throw new ActionError(`pid is the number of a worker, not ${JSON.stringify(pid)}`)
    }
    const killed = await job.killWorker(pid as number | undefined)
    if (!killed) return pid === undefined ? 'No worker is at work' : `There is no worker ${pid} any more`
    return `Killed ${killed.thread === undefined ? `worker ${killed.pid}` : `thread ${killed.thread}`}; what it did is done again`
  },
  async requeue(job, { ids }) {
    if (ids !== undefined && !(Array.isArray(ids) && ids.every(id => typeof id === 'string'))) {
      throw new ActionError(`ids are texts, not ${JSON.stringify(ids)}`)
    }
    return `${count(await job.requeue(ids), 'dead letter')} put back`
  },
}

/** An action was asked for in a way that makes no sense. */
export class ActionError extends Error {
  override readonly name = 'ActionError'
}
