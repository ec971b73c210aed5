import type { DeadFile, Job, JobEvent, JobStats } from '../job.ts'
import { Attempts } from './attempts.ts'
import { Handling } from './handling.ts'
import { History } from './history.ts'
import { Timeline } from './timeline.ts'
import { keptSamples, type Sample, type Update } from './update.ts'

/** How often figures are taken, in milliseconds. */
const interval = 250
/** Figures are taken for so long after the last thing has happened, in milliseconds. */
const quiet = 3000
/** So many dead letters are shown. */
const shown = 200

/** Where a reader of updates is; undefined for one that has read nothing. */
export interface Cursor {
  readonly samples: number
  readonly ended: number
}

export interface ObserverOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Watches a job, and keeps what the page shows of it. */
export class Observer implements Disposable {
  readonly #job: Pick<Job, 'folder' | 'watch' | 'stats' | 'deadLetters'>
  readonly #now: () => number
  readonly #attempts = new Attempts()
  readonly #timeline: Timeline
  readonly #handling = new Handling(this.#attempts)
  readonly #samples = new History<Sample>(keptSamples)
  readonly #watch: Disposable
  readonly #timer: NodeJS.Timeout
  #stats: JobStats | undefined
  #dead: readonly DeadFile[] = []
  #problem: string | undefined
  #asking = false
  #isStill = false
  /** When something has last happened. */
  #last: number

  constructor(job: Pick<Job, 'folder' | 'watch' | 'stats' | 'deadLetters'>, { now = systemNow }: ObserverOptions = {}) {
    this.#job = job
    this.#now = now
    this.#last = now()
    this.#timeline = new Timeline(this.#last, this.#attempts)
    this.#watch = job.watch(events => this.#add(events))
    this.#timer = setInterval(() => void this.takeSample(), interval)
  }

  /** Asks the job how things are; does nothing while it has not answered the last time. */
  async takeSample(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      const stats = await this.#job.stats()
      if (stats.queue.dead > 0 || this.#dead.length > 0) this.#dead = (await this.#job.deadLetters()).slice(0, shown)
      this.#stats = stats
      this.#problem = undefined
    } catch (error) {
      this.#problem = (error as Error).message
    } finally {
      this.#asking = false
    }
    if (this.#problem === undefined && this.#stats) this.#addSample(this.#stats)
  }

  /** What has come since the cursor, and the cursor to go on with. */
  read(cursor: Cursor | undefined): { update: Update; cursor: Cursor } {
    const { samples, ended } = cursor ?? { samples: 0, ended: 0 }
    const timeline = this.#timeline
    const update: Update = {
      reset: cursor === undefined,
      origin: timeline.origin,
      at: this.#now() - timeline.origin,
      folder: this.#job.folder,
      stats: this.#stats,
      problem: this.#problem,
      isStill: this.#isStill,
      samples: this.#samples.since(samples),
      lanes: timeline.lanes.list,
      ended: timeline.ended.since(ended),
      running: timeline.running(),
      kills: timeline.kills,
      slowest: this.#handling.slowest.list,
      dead: this.#dead,
    }
    return { update, cursor: { samples: this.#samples.end, ended: timeline.ended.end } }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#watch[Symbol.dispose]()
  }

  #add(events: readonly JobEvent[]) {
    for (const event of events) {
      this.#timeline.add(event)
      this.#handling.add(event)
      this.#attempts.add(event)
    }
    this.#last = this.#now()
  }

  /** A run that is at its end leaves its curves as they are. */
  #addSample({ phase, queue: { ready, inFlight, delayed, dead } }: JobStats) {
    const now = this.#now()
    this.#isStill = (phase === 'idle' || phase === 'ended') && now - this.#last > quiet
    if (this.#isStill) return
    const figures = this.#handling.window.read(now)
    this.#samples.add({ at: now - this.#timeline.origin, ready, inFlight, delayed, dead, ...figures })
  }
}

const systemNow = () => performance.timeOrigin + performance.now()
