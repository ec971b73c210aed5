import {
  type Clock,
  type Codec,
  type Priority,
  type PutManyOptions,
  type PutOptions,
  QueueClosedError,
} from '@fosen/queue'
import { DedupKeys } from './dedup-keys.ts'
import { Message, type Place, pack } from './message.ts'
import type { Store } from './store.ts'
import { WaitList } from './wait-list.ts'

export interface IntakeOptions<T> {
  readonly store: Store<T>
  readonly capacity: number
  readonly codec: Codec<T> | undefined
  readonly clock: Clock
  /** Undefined where there are no partitions. */
  readonly choosePartition: ((key: string | undefined) => number) | undefined
  /** Called when messages have gone in. */
  readonly onPut: () => void
}

/** Messages of a `put` or `putMany` that go in as there is room, and the ids of those that went in. */
interface Pending<T> {
  readonly messages: readonly Message<T>[]
  readonly options: PutOptions
  readonly ids: string[]
}

const defaultWindow = 300_000

/** Where messages belong that are in the first, or the only, partition. */
const places: readonly Place[] = [0, 1, 2, 3].map(priority => ({ priority: priority as Priority, partition: 0 }))

/** Puts messages into the store as long as there is room, and lets the others wait in the order they came. */
export class Intake<T> {
  readonly #options: IntakeOptions<T>
  readonly #dedupKeys = new DedupKeys()
  readonly #puts: WaitList<Pending<T>, string[]>
  #lastNumber = 0

  constructor(options: IntakeOptions<T>) {
    this.#options = options
    this.#puts = new WaitList(options.clock, 'no room came')
  }

  /** Whether somebody waits who could go in. */
  get isStuck(): boolean {
    return !this.#puts.isEmpty && this.#hasRoom
  }

  put(value: T, options: PutOptions): string | Promise<string> {
    const message = this.#make(value, options)
    const earlier = this.#earlier(options)
    if (earlier !== undefined) return earlier
    if (!this.#puts.isEmpty || !this.#hasRoom) {
      return this.#wait({ messages: [message], options, ids: [] }).then(ids => ids[0] as string)
    }
    const id = this.#add(message, options)
    this.#options.onPut()
    return id
  }

  putMany(values: readonly T[], options: PutManyOptions): string[] | Promise<string[]> {
    const messages = Array.from(values, value => this.#make(value, options))
    const pending = { messages, options, ids: [] }
    const isIn = this.#puts.isEmpty && this.#admit(pending)
    const ids = isIn ? pending.ids : this.#wait(pending)
    this.#options.onPut()
    return ids
  }

  /** Lets those in who wait, while there is room. */
  admit(): void {
    if (this.#puts.isEmpty) return
    for (const waiter of this.#puts) {
      if (!this.#admit(waiter.want)) return
      this.#puts.resolve(waiter, waiter.want.ids)
    }
  }

  close(): void {
    this.#dedupKeys.clear()
    this.#puts.rejectAll(() => new QueueClosedError())
  }

  get #hasRoom() {
    return this.#options.store.length < this.#options.capacity
  }

  #wait(pending: Pending<T>) {
    // Meanwhile, the options may be changed for another put.
    const options = { ...pending.options }
    return this.#puts.wait({ ...pending, options }, options)
  }

  #make(value: T, { priority = 0, partitionKey }: PutOptions) {
    const partition = this.#options.choosePartition?.(partitionKey) ?? 0
    const place = partition === 0 ? (places[priority] as Place) : { priority, partition }
    return new Message(pack(value, this.#options.codec), place)
  }

  /** Puts in what there is room for. False when something is left. */
  #admit({ messages, options, ids }: Pending<T>) {
    while (ids.length < messages.length) {
      // While it waited, one with its key may have come in.
      const earlier = this.#earlier(options)
      if (earlier === undefined && !this.#hasRoom) return false
      ids.push(earlier ?? this.#add(messages[ids.length] as Message<T>, options))
    }
    return true
  }

  #add(message: Message<T>, { delay = 0, dedupKey, dedupWindow = defaultWindow }: PutOptions) {
    const { store, clock } = this.#options
    message.number = ++this.#lastNumber
    const id = String(message.number)
    if (dedupKey !== undefined) this.#dedupKeys.add(dedupKey, id, clock.now() + dedupWindow)
    if (delay > 0) store.comeBack(message, delay)
    else store.append(message)
    return id
  }

  /** The message whose window is open for this one. */
  #earlier({ dedupKey }: PutOptions) {
    return dedupKey === undefined ? undefined : this.#dedupKeys.find(dedupKey, this.#options.clock.now())
  }
}
