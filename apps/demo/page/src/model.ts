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
