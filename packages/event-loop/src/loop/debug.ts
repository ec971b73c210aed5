import { fileURLToPath } from 'node:url'

/** Where the objects were made that loops in debug mode have made: the stack, less the frames of this package. */
const creations = new WeakMap<object, string>()
const here = fileURLToPath(new URL('..', import.meta.url))

/** Notes where `object` is being made. */
export function rememberCreation(object: object): void {
  const lines = (new Error().stack ?? '').split('\n').slice(1)
  const outside = lines.filter(line => !line.includes(here) && !line.endsWith('(<anonymous>)'))
  creations.set(object, (outside.length > 0 ? outside : lines).join('\n'))
}

/** The stack of where an object was made, when its loop was in debug mode then. */
export function creationOf(object: object): string | undefined {
  return creations.get(object)
}

/** The frame in which an object was made: `/home/me/main.ts:12:5`. */
export function createdAt(object: object): string | undefined {
  const frame = creations.get(object)?.split('\n')[0]
  return (
    frame
      ?.match(/\(?((?:file:\/\/)?\/[^()]*)\)?$/)?.[1]
      ?.replace('file://', '')
      .replace(/\?[^:]*/, '') ?? frame?.trim()
  )
}
