/** The trace of a program of the other side: the same lines, from JavaScript's values, as CPython's come from Python's. */
export class Trace {
  readonly lines: string[] = []

  /** Bound: it is handed out. */
  readonly log = (...values: unknown[]): void => {
    this.lines.push(values.map(show).join(' '))
  }

  /** A loop's exception handler. What finalizers tell is left out, as they run in their own time. */
  readonly onException = (_loop: unknown, context: { readonly message: string; readonly error?: unknown }): void => {
    const { message } = context
    if (/exception was never retrieved$|was destroyed but it is pending!$/.test(message)) return
    const brief = message
      .replace(/^(Exception in callback).*/s, '$1')
      .replace(/<.*>/, '…')
      .replace(/^\w+(?= exception)/, pythonName)
    this.log('exception handler:', brief, ...('error' in context ? [context.error] : []))
  }

  returned(value: unknown): void {
    this.log('main returned', value)
  }

  raised(error: unknown): void {
    this.log('main raised', error)
  }

  /** Nothing can wake the loop any more. */
  deadlocked(): void {
    this.log('main waits for ever')
  }
}

/** JavaScript's names of Python's errors. */
const pythonNames: Readonly<Record<string, string>> = { Error: 'Exception', RangeError: 'ValueError' }

const pythonName = (name: string) => pythonNames[name] ?? name

function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'undefined':
      return 'None'
    case 'boolean':
      return value ? 'True' : 'False'
    case 'number':
      return showNumber(value)
    case 'object':
      return value === null ? 'None' : showObject(value)
    default:
      return typeof value === 'function' ? value.name : String(value)
  }
}

function showNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return String(value).replace('Infinity', 'inf')
}

function showObject(value: object): string {
  if (value instanceof Error) return showError(value)
  if (Array.isArray(value) || value instanceof Set) return `[${join(value)}]`
  if (value instanceof Map) return showEntries(value)
  if ('getName' in value && typeof value.getName === 'function') return value.getName()
  if (Object.getPrototypeOf(value) === Object.prototype) return showEntries(Object.entries(value))
  return value.constructor.name
}

function showError(error: Error): string {
  const name = pythonName(error.name)
  const { errors } = error as { errors?: unknown }
  return Array.isArray(errors) ? `${name}(${error.message}: ${join(errors)})` : `${name}(${error.message})`
}

const showEntries = (entries: Iterable<[unknown, unknown]>) =>
  `{${[...entries].map(([key, value]) => `${show(key)}: ${show(value)}`).join(', ')}}`

const join = (values: Iterable<unknown>) => [...values].map(show).join(', ')
