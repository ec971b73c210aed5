/** Shared memory that can be put back to what it was. */
export class Memory {
  readonly #views: readonly Uint8Array[]
  /** In bytes. */
  readonly length: number

  constructor(views: readonly ArrayBufferView[]) {
    this.#views = views.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))
    this.length = views.reduce((sum, view) => sum + view.byteLength, 0)
  }

  /** The number of the view that has this buffer, in the order they were given; -1 when none has. */
  indexOf(buffer: ArrayBufferLike): number {
    return this.#views.findIndex(view => view.buffer === buffer)
  }

  save(): Uint8Array {
    const saved = new Uint8Array(this.length)
    let at = 0
    for (const view of this.#views) {
      saved.set(view, at)
      at += view.length
    }
    return saved
  }

  load(saved: Uint8Array): void {
    let at = 0
    for (const view of this.#views) {
      view.set(saved.subarray(at, at + view.length))
      at += view.length
    }
  }
}

/** Runs `setup`; the memory is every SharedArrayBuffer that it makes, in the order they are made. */
export function recordMemory<S>(setup: () => S): { shared: S; memory: Memory } {
  const buffers: SharedArrayBuffer[] = []
  const Real = globalThis.SharedArrayBuffer
  globalThis.SharedArrayBuffer = new Proxy(Real, {
    construct(target, args, newTarget) {
      const buffer = Reflect.construct(target, args, newTarget) as SharedArrayBuffer
      if (buffer.growable) throw new TypeError('memory that grows cannot be put back: make it of a fixed length')
      buffers.push(buffer)
      return buffer
    },
  })
  try {
    const shared = setup()
    return { shared, memory: new Memory(buffers.map(buffer => new Uint8Array(buffer))) }
  } finally {
    globalThis.SharedArrayBuffer = Real
  }
}
