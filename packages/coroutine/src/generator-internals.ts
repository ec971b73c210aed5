import type { Session } from 'node:inspector'
import { types } from 'node:util'

/** Where something stands in a source file; lines count from 1. */
export interface SourceLocation {
  /** As the module system names it: `file:///…/main.ts`; empty for code that comes from no file. */
  readonly url: string
  readonly line: number
}

/** What V8 knows of a generator, and JavaScript does not tell. */
export interface GeneratorInternals {
  /** The generator function's; empty when it has none. */
  readonly name: string
  readonly state: 'created' | 'running' | 'suspended' | 'closed'
  /** Where its function begins; absent when it has none. */
  readonly defined?: SourceLocation
  /** Where it stands; undefined when it is closed, and when it has no function. */
  readonly at?: SourceLocation | undefined
}

interface RawLocation {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber: number
}
interface InternalProperty {
  readonly name: string
  readonly value?: { readonly value?: unknown; readonly objectId?: string; readonly description?: string }
}

/** Where a coroutine that has no generator tells itself what V8 knows of one. */
const told = Symbol.for('fosen.coroutine.internals')

/** Where the object that is asked about stands while the inspector looks for it. */
const key = Symbol.for('fosen.coroutine.inspected')
const globals = globalThis as { [key]?: unknown }

/**
 * Asks V8's inspector, by a session inside of this thread, which takes a fraction of a millisecond: for who prints a
 * coroutine, and not for each step of one.
 */
class Internals {
  readonly #session: Session
  /** The files of scripts, as far as they have been asked for. */
  readonly #urls = new Map<string, string>()

  constructor(session: Session) {
    this.#session = session
    session.connect()
    session.on('Debugger.scriptParsed', ({ params }) => this.#urls.set(params.scriptId, params.url))
  }

  of(generator: object): GeneratorInternals {
    globals[key] = generator
    const { result } = this.#post<{ result: { objectId: string } }>('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(key.description)})]`,
      objectGroup: 'fosen',
    })
    delete globals[key]
    try {
      const properties = this.#properties(result.objectId)
      const fn = properties.get('[[GeneratorFunction]]')
      const defined = this.#properties(fn?.objectId as string).get('[[FunctionLocation]]')?.value as RawLocation
      const at = properties.get('[[GeneratorLocation]]')?.value as RawLocation
      const state = properties.get('[[GeneratorState]]')?.value as 'running' | 'suspended' | 'closed'
      const source = fn?.description ?? ''
      return {
        name: /^(?:async\s*)?(?:function\s*)?\*?\s*([^\s(]*)/.exec(source)?.[1] ?? '',
        state: state === 'suspended' && !standsAtYield(source, defined, at) ? 'created' : state,
        defined: this.#location(defined),
        at: state === 'closed' ? undefined : this.#location(at),
      }
    } finally {
      this.#post('Runtime.releaseObjectGroup', { objectGroup: 'fosen' })
    }
  }

  #properties(objectId: string): Map<string, InternalProperty['value']> {
    const { internalProperties } = this.#post<{ internalProperties: InternalProperty[] }>('Runtime.getProperties', {
      objectId,
      ownProperties: true,
    })
    return new Map(internalProperties.map(({ name, value }) => [name, value]))
  }

  #location({ scriptId, lineNumber }: RawLocation): SourceLocation {
    if (!this.#urls.has(scriptId)) {
      // Tells of all scripts at once.
      this.#post('Debugger.enable')
      this.#post('Debugger.disable')
    }
    return { url: this.#urls.get(scriptId) ?? '', line: lineNumber + 1 }
  }

  /** A session in its own thread answers before `post` returns. */
  #post<R>(method: string, params: object = {}): R {
    let answer: R | undefined
    this.#session.post(method, params, (error: Error | null, result?: object) => {
      if (error) throw error
      answer = result as R
    })
    return answer as R
  }
}

/** One that has not begun stands at the parenthesis of its parameters, or where its body begins when they have defaults. */
function standsAtYield(source: string, defined: RawLocation, at: RawLocation): boolean {
  const parenthesis = source.indexOf('(')
  const line = at.lineNumber - defined.lineNumber
  const text = source.slice(parenthesis).split(/\r\n|[\n\r\u2028\u2029]/)[line]
  return text?.startsWith('yield', at.columnNumber - (line === 0 ? defined.columnNumber : 0)) ?? false
}

let internals: Internals | undefined | null

/**
 * What V8 knows of a generator.
 *
 * @returns undefined when it is no generator, or this Node has no inspector, or may not use it
 */
export function generatorInternals(generator: object): GeneratorInternals | undefined {
  const own = (generator as { [told]?: GeneratorInternals })[told]
  if (own) return own
  if (!types.isGeneratorObject(generator)) return undefined
  if (internals === undefined) {
    internals = openInternals()
  }
  return internals?.of(generator)
}

function openInternals(): Internals | null {
  try {
    const inspector = process.getBuiltinModule('node:inspector')
    return new Internals(new inspector.Session())
  } catch {
    return null
  }
}
