import { partitionOf } from '@fosen/queue'
import type { Message } from './message.ts'
import { ReadyMessages, type Stock } from './ready-messages.ts'

interface Partition<T> {
  readonly ready: ReadyMessages<T>
  inFlight: number
  /** Whose the messages in flight are. */
  owner: object | undefined
}

/** Messages in partitions, which take turns; one whose messages are in flight is its owner's alone until they are settled. */
export class PartitionedMessages<T> implements Stock<T> {
  readonly #partitions: readonly Partition<T>[]
  /** The partition that is taken from next, and the one that a message without a key is put into next. */
  #turn = 0
  #nextChoice = 0

  constructor(count: number) {
    this.#partitions = Array.from({ length: count }, () => ({
      ready: new ReadyMessages(),
      inFlight: 0,
      owner: undefined,
    }))
  }

  get length(): number {
    return this.#partitions.reduce((sum, { ready }) => sum + ready.length, 0)
  }

  get oldest(): number {
    return Math.min(...this.#partitions.map(({ ready }) => ready.oldest))
  }

  /** The partition for a key; each in turn without one. */
  choose(key: string | undefined): number {
    if (key !== undefined) return partitionOf(key, this.#partitions.length)
    const choice = this.#nextChoice
    this.#nextChoice = (choice + 1) % this.#partitions.length
    return choice
  }

  append(message: Message<T>): void {
    this.#of(message).ready.append(message)
  }

  comeBack(message: Message<T>): void {
    this.#of(message).ready.comeBack(message)
  }

  putBack(message: Message<T>): void {
    this.#of(message).ready.putBack(message)
  }

  take(owner: object | undefined): Message<T> | undefined {
    const count = this.#partitions.length
    for (let offset = 0; offset < count; offset++) {
      const index = (this.#turn + offset) % count
      const partition = this.#partitions[index] as Partition<T>
      if (partition.inFlight > 0 && partition.owner !== owner) continue
      const message = partition.ready.take()
      if (message === undefined) continue
      partition.inFlight++
      partition.owner = owner
      this.#turn = (index + 1) % count
      return message
    }
    return undefined
  }

  free(message: Message<T>): boolean {
    const partition = this.#of(message)
    partition.inFlight--
    if (partition.inFlight > 0) return false
    partition.owner = undefined
    return true
  }

  clear(): void {
    for (const { ready } of this.#partitions) ready.clear()
  }

  #of({ place }: Message<T>) {
    return this.#partitions[place.partition] as Partition<T>
  }
}
