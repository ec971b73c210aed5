import { describeError, type Outcome, type Settlement } from '@fosen/queue'
import type { RedisDelivery } from './redis-delivery.ts'
import type { Settlements } from './settlements.ts'

/** What settle.lua takes for a settlement, after the token. */
export type Action = readonly [action: string, index: number | Buffer | '', first: string | number, second: string]

/** Messages that were taken together, under one lease. */
export class Batch<T> {
  // A settlement waits here until it is told, in one of three ways: an ack in #acked, whatever else in #actions, and when
  // all messages are settled, in being done, which tells the acks with it. Done is told only when all actions are.
  readonly token: string
  readonly deliveries: RedisDelivery<T>[] = []
  readonly #settlements: Settlements<T>
  #unsettled: number
  #acked: number[] = []
  #actions: Action[] = []
  #told: PromiseWithResolvers<boolean> | undefined
  /** Whether Redis could not be told an action: were the batch done, that message would be lost. */
  #hasFailed = false
  #isLost = false

  /** @param size how many messages it has */
  constructor(token: string, size: number, settlements: Settlements<T>) {
    this.token = token
    this.#unsettled = size
    this.#settlements = settlements
  }

  get isSettled(): boolean {
    return this.#unsettled === 0
  }

  /** Whether it can be told to be done in whatever call. */
  get isDone(): boolean {
    return this.isSettled && !this.#hasFailed && this.#actions.length === 0
  }

  get hasActions(): boolean {
    return this.#actions.length > 0
  }

  get hasNews(): boolean {
    return this.#told !== undefined
  }

  settle(delivery: RedisDelivery<T>, settlement: Settlement): Outcome {
    this.#settlements.checkOpen()
    if (this.#isLost) return false
    if (this.#settlements.isCancelled(delivery.id)) this.#actions.push(['drop', delivery.index, '', ''])
    else if (settlement.type === 'ack') this.#acked.push(delivery.index)
    else this.#actions.push(actionOf(delivery.index, settlement))
    return this.#settled()
  }

  /** Messages that nobody wants any longer are released: the last to go back is the first to be taken again. */
  giveBack(deliveries: readonly RedisDelivery<T>[]): void {
    for (const { index } of deliveries.toReversed()) {
      this.#actions.push(['release', index, '', ''])
      this.#settled()
    }
  }

  /** A message that cannot be delivered becomes a dead letter. */
  refuse(index: number, error: unknown): Promise<boolean> {
    this.#actions.push(['refuse', index, ...textOf(error)])
    return this.#settled()
  }

  /** What is to be told, in order, and who waits for it. */
  news(): { actions: Action[]; told: PromiseWithResolvers<boolean> } {
    const actions = this.#actions
    if (this.isSettled && !this.#hasFailed) actions.push(['done', '', '', ''])
    else if (this.#acked.length > 0) actions.push(['ack', packIndices(this.#acked), '', ''])
    const news = { actions, told: this.#told ?? told() }
    this.#actions = []
    this.#acked = []
    this.#told = undefined
    return news
  }

  fail(): void {
    this.#hasFailed = true
  }

  /** The lease was lost: settlements that come from now on, and those not told yet, are in vain. */
  lose(reason: Error): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#told?.resolve(false)
    this.#told = undefined
    for (const delivery of this.deliveries) if (delivery.outcome === undefined) delivery.abort(reason)
  }

  #settled() {
    this.#unsettled--
    this.#told ??= told()
    this.#settlements.add(this)
    return this.#told.promise
  }
}

/** Whoever wants to know awaits it; whoever does not is not to crash of it. */
function told(): PromiseWithResolvers<boolean> {
  const told = Promise.withResolvers<boolean>()
  told.promise.catch(() => {})
  return told
}

function actionOf(index: number, settlement: Exclude<Settlement, { type: 'ack' }>): Action {
  switch (settlement.type) {
    case 'retry':
      return ['retry', index, settlement.delay, '']
    case 'bury':
      return ['bury', index, ...textOf(settlement.error)]
    case 'release':
      return ['release', index, '', '']
  }
}

function textOf(error: unknown): [name: string, message: string] {
  const { name, message } = describeError(error) ?? { name: '', message: '' }
  return [name, message]
}

function packIndices(indices: readonly number[]): Buffer {
  const packed = Buffer.allocUnsafe(2 * indices.length)
  for (const [at, index] of indices.entries()) packed.writeUInt16BE(index, 2 * at)
  return packed
}
