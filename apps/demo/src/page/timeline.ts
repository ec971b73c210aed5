import { count } from '../format-number.ts'
import type { JobEvent, OperationEvent, WorkerEvent } from '../job.ts'
import type { Attempts } from './attempts.ts'
import { History } from './history.ts'
import { Lanes } from './lanes.ts'
import { operationKey } from './operation-key.ts'
import type { Bar, BarKind, Kill } from './update.ts'

/** Bars that a page is given which is opened late. */
const kept = 20_000

const kinds: Readonly<Record<string, BarKind>> = {
  'fosen:queue:send': 'send',
  'fosen:event-loop:task': 'task',
  'fosen:thread-async:run': 'call',
}

interface Running {
  readonly event: OperationEvent
  readonly kind: BarKind
  readonly lane: number
  readonly row: number
}

/** What the threads of a run do, as bars in lanes. */
export class Timeline {
  /** Milliseconds since 1970; the times of bars are from here. */
  readonly origin: number
  readonly lanes = new Lanes()
  readonly ended = new History<Bar>(kept)
  readonly kills: Kill[] = []
  readonly #running = new Map<string, Running>()
  readonly #attempts: Attempts
  /** Processes that have ended: what they have told is read after it is known. */
  readonly #gone = new Set<number>()

  /** @param attempts is told of each event after the timeline */
  constructor(origin: number, attempts: Attempts) {
    this.origin = origin
    this.#attempts = attempts
  }

  add(event: JobEvent): void {
    if (!('channel' in event)) {
      if (event.type === 'worker-exit') this.#endProcess(event)
      else this.#gone.delete(event.pid)
    } else if (event.channel === 'fosen:queue:process') this.#handle(event)
    else if (event.type === 'start') this.#begin(event)
    else this.#end(event)
  }

  running(): Bar[] {
    return [...this.#running.values()].map(({ event, kind, lane, row }) => this.#bar(event, kind, lane, row, null))
  }

  #handle({ pid, file, error, at }: OperationEvent) {
    // A thread that was terminated has told no end of what it ran.
    if (error !== undefined) this.#endAll(running => running.pid === pid && running.file === file, at, error)
  }

  #begin(event: OperationEvent) {
    const kind = kinds[event.channel]
    if (!kind || this.#gone.has(event.pid)) return
    const lane = this.lanes.place(event.pid, event.thread)
    const row = this.lanes.takeRow(lane)
    this.#running.set(operationKey(event), { event, kind, lane, row })
  }

  #end(event: OperationEvent) {
    const key = operationKey(event)
    const begun = this.#running.get(key)
    // What began before anybody watched has no beginning.
    if (!begun) return
    this.#running.delete(key)
    const { kind, lane, row } = begun
    this.lanes.freeRow(lane, row)
    this.ended.add(this.#bar({ ...begun.event, ...event, at: begun.event.at }, kind, lane, row, event.at))
  }

  /** What it was doing ends with it. */
  #endProcess({ pid, at, how = 'ended' }: WorkerEvent) {
    this.#endAll(running => running.pid === pid, at, how)
    this.#gone.add(pid)
    const time = at - this.origin
    this.lanes.endProcess(pid, time)
    this.kills.push({ at: time, pid, how })
  }

  #endAll(isOne: (event: OperationEvent) => boolean, at: number, error: string) {
    for (const [key, { event, kind, lane, row }] of this.#running) {
      if (!isOne(event)) continue
      this.#running.delete(key)
      this.lanes.freeRow(lane, row)
      this.ended.add(this.#bar({ ...event, error }, kind, lane, row, at))
    }
  }

  #bar(event: OperationEvent, kind: BarKind, lane: number, row: number, end: number | null): Bar {
    const { at, pid, file, messages, name, error } = event
    // A task is called as its file.
    const what = file ?? (messages === undefined ? name : count(messages, 'message'))
    const attempt = event.attempt ?? this.#attempts.of(pid, what) ?? 0
    const round = (time: number) => Math.round((time - this.origin) * 1000) / 1000
    return [lane, row, kind, round(at), end === null ? null : round(end), what, attempt, error ?? null]
  }
}
