/**
 * Who is to hear of which signal: one listener a signal, however many wait for it. (To remove one of many listeners takes
 * as long as there are others.)
 */
export class AbortGroups<T> {
  readonly #onAbort: (member: T, reason: unknown) => void
  readonly #groups = new WeakMap<AbortSignal, { readonly members: Set<T>; readonly listener: () => void }>()

  /** @param onAbort called for each member of a signal's group when the signal is aborted, in the order of joining */
  constructor(onAbort: (member: T, reason: unknown) => void) {
    this.#onAbort = onAbort
  }

  join(signal: AbortSignal, member: T): void {
    const group = this.#groups.get(signal)
    if (group) {
      group.members.add(member)
      return
    }
    const members = new Set([member])
    const listener = () => {
      for (const each of members) this.#onAbort(each, signal.reason)
    }
    this.#groups.set(signal, { members, listener })
    signal.addEventListener('abort', listener, { once: true })
  }

  leave(signal: AbortSignal, member: T): void {
    const group = this.#groups.get(signal)
    group?.members.delete(member)
    if (!group || group.members.size > 0) return
    this.#groups.delete(signal)
    signal.removeEventListener('abort', group.listener)
  }
}
