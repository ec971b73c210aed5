import { AsyncResource } from 'node:async_hooks'
import { type Clock, type Codec, type PutManyOptions, type PutOptions, QueueClosedError } from '@fosen/queue'
import { DedupKeys } from './dedup-keys.ts'
import { Message, type Settle } from './message.ts'
import { pack } from './payload.ts'
import type { Store } from './store.ts'
import { WaitList } from './wait-list.ts'

export interface IntakeOptions<T> {
  readonly store: Store<T>
  readonly capacity: number
  readonly codec: Codec<T> | undefined
  readonly clock: Clock
  readonly choosePartition: (key: string | undefined) => number
  readonly settle: Settle<T>
}

/** Messages of a `put` or `putMany` that go in as there is room, and the ids of those that went in. */
interface Pending<T> {
  readonly payloads: readonly (T | Buffer)[]
  readonly options: PutOptions
  readonly context: AsyncResource
  readonly ids: string[]
}

const defaultWindow = 300_000

/** Nobody listens for the end of one, and there is one for each put. */
const resourceOptions = { requireManualDestroy: true }

/** Puts messages into the store as long as there is room, and lets the others wait in the order they came. */
export class Intake<T> {
  readonly #options: IntakeOptions<T>
  readonly #dedupKeys = new DedupKeys()
  readonly #puts: WaitList<Pending<T>, string[]>
  #lastId = 0

  constructor(options: IntakeOptions<T>) {
    this.#options = options
    this.#puts = new WaitList(options.clock, 'no room came')
  }

  /** Whether somebody waits who could go in. */
  get isStuck(): boolean {
    return !this.#puts.isEmpty && this.#hasRoom
  }

  put(value: T, options: PutOptions): string | Promise<string> {
    const payload = pack(value, this.#options.codec)
    const context = new AsyncResource('fosen.Message', resourceOptions)
    const earlier = this.#earlier(options)
    if (earlier !== undefined) return earlier
    if (this.#puts.isEmpty && this.#hasRoom) return this.#add(payload, options, context)
    return this.#wait({ payloads: [payload], options, context, ids: [] }).then(ids => ids[0] as string)
  }

  putMany(values: readonly T[], options: PutManyOptions): string[] | Promise<string[]> {
    const payloads = values.map(value => pack(value, this.#options.codec))
    const pending = { payloads, options, context: new AsyncResource('fosen.Message', resourceOptions), ids: [] }
    if (values.length === 0 || (this.#puts.isEmpty && this.#admit(pending))) return pending.ids
    return this.#wait(pending)
  }

  /** Lets those in who wait, while there is room. */
  admit(): void {
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
    return this.#puts.wait(pending, { signal: pending.options.signal })
  }

  /** Puts in what there is room for. False when something is left. */
  #admit({ payloads, options, context, ids }: Pending<T>) {
    while (ids.length < payloads.length) {
      if (!this.#hasRoom) return false
      // While it waited, one with its key may have come in.
      ids.push(this.#earlier(options) ?? this.#add(payloads[ids.length] as T | Buffer, options, context))
    }
    return true
  }

  #add(payload: T | Buffer, options: PutOptions, context: AsyncResource) {
    const { delay = 0, priority = 0, partitionKey, dedupKey, dedupWindow = defaultWindow } = options
    const { store, clock, settle, choosePartition } = this.#options
    const id = String(++this.#lastId)
    const message = new Message(settle, id, 1, payload, context, priority, choosePartition(partitionKey))
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
