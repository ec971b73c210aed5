/** What all libraries run, in the form that each of them wants. */
export const functions = {
  add(a: number, b: number) {
    return a + b
  },
  grow(record: Person): Person {
    return { ...record, age: record.age + 1 }
  },
  /** Adds one to the first byte. */
  bump(bytes: ArrayBuffer) {
    const view = new Uint8Array(bytes)
    view[0] = (view[0] ?? 0) + 1
    return bytes
  },
  wait(ms: number) {
    Atomics.wait(cell, 0, 0, ms)
    return ms
  },
}

const cell = new Int32Array(new SharedArrayBuffer(4))

export type Functions = typeof functions
export type Name = keyof Functions

/** A call as one value. */
export interface Task {
  readonly name: Name
  readonly args: readonly unknown[]
}

export function runTask({ name, args }: Task): unknown {
  return (functions[name] as (...args: readonly unknown[]) => unknown)(...args)
}

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
