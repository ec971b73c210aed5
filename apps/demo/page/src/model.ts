import { type Bar, keptSamples, type Sample, type Update } from '../../src/page/update.ts'

/** Bars that are kept: enough for minutes, and few enough to be drawn at once. */
const kept = 60_000

/** All that the page knows, from the updates it was told. */
export interface Model {
  readonly latest: Update
  readonly samples: readonly Sample[]
  readonly ended: readonly Bar[]
  /** When the latest came, by the page's clock: the run has gone on since. */
  readonly heardAt: number
}

export function addUpdate(model: Model | undefined, latest: Update, heardAt: number): Model {
  if (!model || latest.reset) return { latest, samples: latest.samples, ended: latest.ended, heardAt }
  return {
    latest,
    samples: latest.samples.length === 0 ? model.samples : [...model.samples, ...latest.samples].slice(-keptSamples),
    ended: latest.ended.length === 0 ? model.ended : [...model.ended, ...latest.ended].slice(-kept),
    heardAt,
  }
}

/**
 * Where the run is, in milliseconds from its origin: while it is heard, it goes on between two updates; one in which nothing
 * happens is where the last thing has ended.
 *
 * @param clock the time of the page's clock
 */
export function timeOf({ latest, ended, heardAt }: Model, isHeard: boolean, clock: number): number {
  if (latest.isStill) return ended.at(-1)?.[4] ?? 0
  return isHeard ? latest.at + Math.max(0, clock - heardAt) : latest.at
}
