import { setImmediate as turn } from 'node:timers/promises'
import {
  Alarm,
  type Clock,
  type Delivery,
  type GetOptions,
  LeaseLostError,
  QueueClosedError,
  TimeoutError,
} from '@fosen/queue'
import { Leases } from './leases.ts'
import type { Message } from './message.ts'
import type { MessageDelivery } from './message-delivery.ts'
import type { Store } from './store.ts'
import { WaitList } from './wait-list.ts'

export interface OutletOptions<T> {
  readonly store: Store<T>
  readonly clock: Clock
  readonly lease: number
  /** Makes the delivery of a message; undefined when it has no value: then it is not delivered. */
  readonly open: (message: Message<T>) => MessageDelivery<T> | undefined
  /** Called when messages have been taken, or have come back. */
  readonly onChange: () => void
}

interface Want {
  readonly max: number
  readonly owner: object | undefined
}

/** Turns of the event loop in which whatever was ready to happen has happened: timers, I/O, and what waits for them. */
const turnsToSettle = 2

/** Takes messages out of the store, and lets those wait who find nothing. */
export class Outlet<T> {
  // After every step: a get waits only while there is nothing that it may have; and the clock is to wake the outlet exactly
  // while a get waits for what the time brings.
  readonly #options: OutletOptions<T>
  readonly #store: Store<T>
  readonly #clock: Clock
  readonly #leases: Leases<MessageDelivery<T>> | undefined
  readonly #gets: WaitList<Want, Delivery<T>[]>
  readonly #alarm: Alarm
  #inFlight = 0
  #isPaused = false
  #isClosed = false
  /** Under way while leases that have run out are being ended. */
  #reclaiming: Promise<void> | undefined

  constructor(options: OutletOptions<T>) {
    const { store, clock, lease } = options
    this.#options = options
    this.#store = store
    this.#clock = clock
    this.#leases = lease === Infinity ? undefined : new Leases(lease)
    this.#gets = new WaitList(clock, 'no message came', () => this.#setAlarm())
    this.#alarm = new Alarm(clock, () => this.look())
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused
    this.look()
    this.#options.onChange()
  }

  take(max: number, options: GetOptions): Delivery<T>[] | Promise<Delivery<T>[]> {
    this.look()
    const want = { max, owner: options.owner ?? {} }
    const deliveries = this.#deliver(want)
    if (deliveries.length > 0) {
      this.#options.onChange()
      return deliveries
    }
    if (options.timeout === 0) return this.#takeOverdue(want, options.signal)
    const got = this.#gets.wait(want, options)
    // What could not be decoded has made room for others.
    this.#options.onChange()
    return got
  }

  /** Gives those who wait what they may have. */
  serve(): void {
    if (this.#gets.isEmpty) return
    for (const waiter of this.#gets) {
      if (this.#isPaused || this.#store.ready === 0) break
      const deliveries = this.#deliver(waiter.want)
      if (deliveries.length > 0) this.#gets.resolve(waiter, deliveries)
    }
    this.#setAlarm()
  }

  /** Sees what the time has brought: delays that are over, and leases. */
  look(): void {
    if (this.#store.wakeDue()) this.#options.onChange()
    if (!this.#isPaused && this.#leases !== undefined && this.#leases.nextEnd <= this.#clock.now()) {
      this.#reclaiming ??= this.#reclaim(this.#leases)
    }
    this.#setAlarm()
  }

  /** A delivery has ended. False when its lease was lost before. */
  end(delivery: MessageDelivery<T>): boolean {
    if (this.#leases?.end(delivery) === false) return false
    this.#inFlight--
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#gets.rejectAll(() => new QueueClosedError())
    this.#setAlarm()
  }

  #deliver({ max, owner }: Want) {
    const deliveries: MessageDelivery<T>[] = []
    while (!this.#isPaused && deliveries.length < max) {
      const message = this.#store.take(owner)
      if (message === undefined) break
      const delivery = this.#options.open(message)
      if (delivery === undefined) continue
      deliveries.push(delivery)
      this.#inFlight++
    }
    if (this.#leases !== undefined && deliveries.length > 0) {
      const now = this.#clock.now()
      for (const delivery of deliveries) this.#leases.begin(delivery, now)
    }
    return deliveries
  }

  /** What leases that have run out may bring, for one who does not wait for anything else. */
  async #takeOverdue(want: Want, signal: AbortSignal | undefined) {
    await this.#reclaiming
    if (this.#isClosed) throw new QueueClosedError()
    signal?.throwIfAborted()
    const deliveries = this.#deliver(want)
    this.#options.onChange()
    if (deliveries.length === 0) throw new TimeoutError('no message is ready')
    return deliveries
  }

  /** Ends the leases that have run out, but not before handlers that are done had the time to say so. */
  async #reclaim(leases: Leases<MessageDelivery<T>>) {
    for (let turns = 0; turns < turnsToSettle; turns++) await turn()
    this.#reclaiming = undefined
    if (this.#isClosed) return
    const lost = [...leases.overdue(this.#clock.now())]
    for (const { message } of lost) {
      this.#inFlight--
      this.#store.free(message)
      message.attempt++
      this.#store.comeBack(message, 0)
    }
    for (const delivery of lost) delivery.abort(new LeaseLostError())
    this.#options.onChange()
  }

  #setAlarm() {
    const isWaitedFor = !this.#gets.isEmpty && !this.#isPaused
    const nextEnd = this.#reclaiming === undefined ? (this.#leases?.nextEnd ?? Infinity) : Infinity
    this.#alarm.set(isWaitedFor ? Math.min(this.#store.nextDue, nextEnd) : Infinity)
  }
}
