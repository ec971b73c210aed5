/** Keeps those that took the longest, one of each name. */
export class Slowest<T extends { readonly file: string; readonly duration: number }> {
  readonly #count: number
  #kept: readonly T[] = []

  constructor(count: number) {
    this.#count = count
  }

  /** The longest first. */
  get list(): readonly T[] {
    return this.#kept
  }

  add(it: T): void {
    const last = this.#kept[this.#count - 1]
    if (last && last.duration >= it.duration) return
    const same = this.#kept.find(({ file }) => file === it.file)
    if (same && same.duration >= it.duration) return
    const others = this.#kept.filter(other => other !== same)
    const place = others.findIndex(other => other.duration < it.duration)
    this.#kept = others.toSpliced(place < 0 ? others.length : place, 0, it).slice(0, this.#count)
  }
}
