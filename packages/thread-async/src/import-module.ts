import { AsyncLocalStorage } from 'node:async_hooks'
import { MissingGuardError } from './errors.ts'

/** The import that the running code belongs to: its module's evaluation, top-level awaits included. */
const importing = new AsyncLocalStorage<{ readonly module: string; finished: boolean }>()

/** Modules whose evaluation has come to its end: one that has failed half-way has registered functions, too. */
const imported = new Set<string>()

/** Whether a thread has imported the module, to its end. */
export function isImported(module: string): boolean {
  return imported.has(module)
}

/** Imports a module for its portable functions; a call to a thread made by its top level throws, see `refuseWhileImporting`. */
export async function importModule(module: string): Promise<void> {
  if (imported.has(module)) return
  const state = { module, finished: false }
  try {
    await importing.run(state, () => import(module))
    imported.add(module)
  } finally {
    state.finished = true
  }
}

/**
 * Stands before everything that starts threads.
 *
 * A program that calls a thread at its top level would call it again in that thread, which imports the program to find
 * the function, and so on for ever.
 *
 * @throws MissingGuardError in code that runs because a thread is importing its module
 */
export function refuseWhileImporting(what: string): void {
  const state = importing.getStore()
  if (!state || state.finished) return
  throw new MissingGuardError(
    `${what} at the top level of ${state.module}, while a thread was importing that module: ` +
      'it would start threads for ever. Put it behind a guard:\n\n' +
      '  if (import.meta.main) {\n    // only the program runs this, not the threads that import it\n  }\n',
  )
}
