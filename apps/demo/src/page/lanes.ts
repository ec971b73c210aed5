import type { Lane } from './update.ts'

/** The threads of all processes; what runs in one at the same time has rows of its own. */
export class Lanes {
  readonly #lanes: (Lane & {
    rows: number
    ended: number | undefined
    readonly taken: Set<number>
  })[] = []
  readonly #places = new Map<string, number>()

  get list(): Lane[] {
    return this.#lanes.map(({ pid, thread, rows, ended }) => ({ pid, thread, rows, ended }))
  }

  /** The place of a lane in the list; it does not change. */
  place(pid: number, thread: string): number {
    const key = `${pid} ${thread}`
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place = this.#lanes.push({ pid, thread, rows: 1, ended: undefined, taken: new Set() }) - 1
    this.#places.set(key, place)
    return place
  }

  /** Takes the lowest row that is free. */
  takeRow(place: number): number {
    const lane = this.#at(place)
    let row = 0
    while (lane.taken.has(row)) row++
    lane.taken.add(row)
    lane.rows = Math.max(lane.rows, lane.taken.size)
    return row
  }

  freeRow(place: number, row: number): void {
    this.#at(place).taken.delete(row)
  }

  endProcess(pid: number, at: number): void {
    for (const lane of this.#lanes) if (lane.pid === pid) lane.ended ??= at
  }

  #at(place: number) {
    const lane = this.#lanes[place]
    if (!lane) throw new RangeError(`there is no lane ${place}`)
    return lane
  }
}
