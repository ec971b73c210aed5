import { NotPortableError } from './errors.ts'
import { importModule } from './import-module.ts'

/** Brands a portable function with its reference; a symbol that packages share without importing each other. */
const brand = Symbol.for('fosen.portable')

/** How another thread finds a function: it imports the module, which registers the function under the name. */
export interface Reference {
  readonly module: string
  readonly name: string
  /** Kind and number of parameters: another function that came to stand under the name is not run in its place. */
  readonly shape: string
}

type AnyFunction = (...args: never[]) => unknown

const registryKey = Symbol.for('fosen.portable/1')
const globals = globalThis as { [registryKey]?: Map<string, AnyFunction> }
globals[registryKey] ??= new Map()
const registry = globals[registryKey]

/**
 * Makes a function known to other threads, which import its module and find it there.
 *
 * Call it while the module is evaluated, at its top level: a thread that has imported the module must know the function.
 * The function itself stays as it is, and keeps what it sees of its module.
 *
 * @param meta `import.meta` of the module that calls this
 * @param fn a named function; arrow functions take their name from `options.name`
 * @param options.name the name under which the module registers the function; `fn.name` by default
 * @returns `fn`
 * @throws TypeError when `fn` is no function or has no name, or the module cannot be imported (`node -e`, standard input)
 * @throws Error when the module has registered another function under the name already, or the function another name
 * @example
 * ```ts
 * import { portable, ThreadPool } from '@fosen/thread-async'
 *
 * const add = portable(import.meta, function add(a: number, b: number) {
 *   return a + b
 * })
 *
 * if (import.meta.main) {
 *   const pool = new ThreadPool()
 *   console.log(await pool.submit(add, 1, 2))
 *   await pool.shutdown()
 * }
 * ```
 * ```text
 * 3
 * ```
 */
export function portable<F extends AnyFunction>(
  meta: { readonly url: string },
  fn: F,
  options: { readonly name?: string | undefined } = {},
): F {
  if (typeof fn !== 'function') throw new TypeError(`a function is needed, not ${fn === null ? 'null' : typeof fn}`)
  const module = moduleOf(meta)
  const name = options.name ?? fn.name
  if (!name) throw new TypeError(`a function without a name cannot be found by a thread: give options.name (${module})`)
  const key = `${module}#${name}`
  const known = (fn as { [brand]?: Reference })[brand]
  if (known?.module === module && known.name === name) return fn
  if (known) throw new Error(`${name} is portable already, as ${known.name} of ${known.module}`)
  if (registry.has(key)) {
    throw new Error(`${module} has made a function named ${name} portable already: give one of them options.name`)
  }
  const reference: Reference = { module, name, shape: shapeOf(fn) }
  Object.defineProperty(fn, brand, { value: reference })
  registry.set(key, fn)
  return fn
}

/**
 * How other threads find a portable function.
 *
 * @throws NotPortableError when `fn` was not made portable
 */
export function referenceOf(fn: unknown): Reference {
  const reference = typeof fn === 'function' ? (fn as { [brand]?: Reference })[brand] : undefined
  if (reference) return reference
  const given = typeof fn === 'function' ? `the function ${fn.name || '(anonymous)'} is not` : `${typeof fn} is not`
  throw new NotPortableError(`${given} portable: wrap it where it is defined, portable(import.meta, function ...)`)
}

/**
 * The function behind a reference, in this thread; imports its module when that has not happened yet.
 *
 * @throws NotPortableError when the module does not register that function
 * @throws whatever the import of the module throws
 */
export async function resolveReference(reference: Reference): Promise<AnyFunction> {
  await importModule(reference.module)
  return findFunction(reference)
}

/**
 * As `resolveReference`, when the module is imported already.
 *
 * @throws NotPortableError when the module does not register that function
 */
export function findFunction(reference: Reference): AnyFunction {
  const known = found.get(reference)
  if (known) return known
  const fn = registry.get(`${reference.module}#${reference.name}`)
  if (!fn) {
    throw new NotPortableError(
      `${reference.module}, imported by a thread, makes no function named ${reference.name} portable: ` +
        'do that at the top level of the module, unconditionally',
    )
  }
  if (shapeOf(fn) !== reference.shape) {
    throw new NotPortableError(
      `${reference.module}, imported by a thread, has another function under the name ${reference.name} ` +
        `(${shapeOf(fn)}, not ${reference.shape}): give one of them options.name`,
    )
  }
  found.set(reference, fn)
  return fn
}

/** A reference that many calls share is looked up once. */
const found = new WeakMap<Reference, AnyFunction>()

function moduleOf(meta: { readonly url: string }): string {
  const url: unknown = meta?.url
  if (typeof url !== 'string') throw new TypeError('the first argument is import.meta of the calling module')
  if (/\/\[eval\d*\]$/.test(url)) {
    throw new TypeError(
      'code from node -e or standard input has no module that a thread could import: put it in a file',
    )
  }
  return url
}

/** Has `wrapper` stand for a portable function: who calls a thread with the one, calls the other. */
export function standFor<W extends AnyFunction>(wrapper: W, fn: AnyFunction): W {
  Object.defineProperty(wrapper, 'name', { value: fn.name })
  return Object.defineProperty(wrapper, brand, { value: referenceOf(fn) })
}

/** The function behind the reference of a function of this thread. */
export function localFunction(reference: Reference): AnyFunction {
  return registry.get(`${reference.module}#${reference.name}`) as AnyFunction
}

/** Whether nothing but a plain function's own code runs until it has its result. */
export function isPlain({ shape }: Reference): boolean {
  return shape.startsWith('Function ')
}

/** Whether the function gives a generator, synchronous or not. */
export function isGenerator({ shape }: Reference): boolean {
  return shape.includes('GeneratorFunction')
}

const shapeOf = (fn: AnyFunction) => `${fn.constructor.name} of ${fn.length}`
