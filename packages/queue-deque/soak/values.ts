import type { Cells } from './ledger.ts'

/** What a thread of the soak is started with. */
export interface SoakData {
  /** The process's table of threads, and who starts this one. */
  readonly table: SharedArrayBuffer
  readonly parent: number
  readonly buffer: SharedArrayBuffer
  readonly cells: Cells
  readonly items: Int32Array<SharedArrayBuffer>
  readonly slot: number
  /** Whether it has another thread do the work, which dies with it. */
  readonly isParent: boolean
}

/** In the place of an item, for those who wait when they are to rest. */
export const nothing = -1

/** Items as values in several forms: for the codec, of some length, and for the serializer. */
export const forms: readonly ((item: number) => Value)[] = [
  item => item,
  item => ({ item, text: 'x'.repeat(500 * Math.random()) }),
  item => new Map([['item', item]]),
]
export type Value = number | { item: number; text: string } | Map<string, number>
export const itemOf = (value: Value): number =>
  typeof value === 'number' ? value : value instanceof Map ? (value.get('item') as number) : value.item
