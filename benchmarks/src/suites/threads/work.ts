import { portable } from '@fosen/thread-async'

// The same functions as the peers' in worker.mjs.
export const add = portable(import.meta, function add(a: number, b: number) {
  return a + b
})
export const grow = portable(import.meta, function grow(record: Person) {
  return { ...record, age: record.age + 1 }
})
export const size = portable(import.meta, function size(bytes: Uint8Array) {
  return bytes.length
})
export const wait = portable(import.meta, function wait(ms: number) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  return ms
})

export interface Person {
  readonly name: string
  readonly age: number
  readonly mail: string
  readonly tags: readonly string[]
  readonly address: { readonly street: string; readonly city: string; readonly zip: number }
}

/** About 250 bytes as JSON. */
export const person: Person = {
  name: 'Ada Lovelace',
  age: 36,
  mail: 'ada.lovelace@analytical-engines.example',
  tags: ['mathematics', 'analytical engine', 'bernoulli numbers', 'poetry'],
  address: { street: "12 St James's Square", city: 'London', zip: 5041 },
}
