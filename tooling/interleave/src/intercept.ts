/** What is asked of Atomics. */
export interface Operation {
  /** Which method. */
  readonly name: string
  readonly view: Int32Array<SharedArrayBuffer>
  /** The arguments after the view. */
  readonly args: readonly unknown[]
}

/** Whether two operations are asked for in the same words. */
export function isSame(a: Operation, b: Operation): boolean {
  return (
    a.name === b.name &&
    a.view.buffer === b.view.buffer &&
    a.view.byteOffset === b.view.byteOffset &&
    a.args.every((argument, i) => Object.is(argument, b.args[i]))
  )
}

/** Who answers in the place of Atomics, and of the clocks. */
export interface Interceptor {
  operate(operation: Operation): unknown
  now(): number
}

type Method = (view: Operation['view'], ...args: unknown[]) => unknown

/** The methods of Atomics as they are. */
export const real = Atomics as unknown as { readonly [name: string]: Method }

const names = 'add and compareExchange exchange load notify or store sub wait waitAsync xor'.split(' ')
let current: Interceptor | undefined

const fake = Object.assign(
  Object.create(Atomics),
  Object.fromEntries(
    names.map(name => {
      const method: Method = (view, ...args) => {
        // Memory of a thread's own is nobody else's business; what is no view gets the error that is its due.
        if (!current || !(view?.buffer instanceof SharedArrayBuffer)) return real[name]?.(view, ...args)
        return current.operate({ name, view, args })
      }
      return [name, method]
    }),
  ),
)

/** Runs `fn`, in which `withInterceptor` can be used. */
export function replaceGlobals<R>(fn: () => R): R {
  const dateNow = Date.now
  const performanceNow = performance.now.bind(performance)
  const AtomicsBefore = globalThis.Atomics
  const { stackTraceLimit } = Error
  // The stack tells places in a program apart.
  Error.stackTraceLimit = 100
  globalThis.Atomics = fake
  Date.now = () => current?.now() ?? dateNow()
  performance.now = () => current?.now() ?? performanceNow()
  try {
    return fn()
  } finally {
    globalThis.Atomics = AtomicsBefore
    Date.now = dateNow
    Error.stackTraceLimit = stackTraceLimit
    // The method is the prototype's.
    Reflect.deleteProperty(performance, 'now')
  }
}

/** Runs `fn`, in which the interceptor answers what is asked of Atomics about shared memory, and the time. */
export function withInterceptor<R>(interceptor: Interceptor, fn: () => R): R {
  const before = current
  current = interceptor
  try {
    return fn()
  } finally {
    current = before
  }
}
