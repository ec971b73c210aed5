/** Shared memory by words. `get` and `set` are for who has the lock that protects them, `load` and `store` for everybody. */
export class Words {
  readonly array: Int32Array<SharedArrayBuffer>

  constructor(buffer: SharedArrayBuffer) {
    this.array = new Int32Array(buffer)
  }

  get(at: number): number {
    return this.array[at] as number
  }

  set(at: number, value: number): void {
    this.array[at] = value
  }

  load(at: number): number {
    return Atomics.load(this.array, at)
  }

  store(at: number, value: number): void {
    Atomics.store(this.array, at, value)
  }
}
