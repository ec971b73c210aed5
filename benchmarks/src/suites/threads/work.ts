import { portable, transfer } from '@fosen/thread-async'
import { functions } from './functions.ts'

/** The functions as our threads find them. */
export const work = {
  add: portable(import.meta, functions.add),
  grow: portable(import.meta, functions.grow),
  bump: portable(import.meta, functions.bump),
  wait: portable(import.meta, functions.wait),
}

/** As `bump`, for bytes that are moved. */
export const bumpMoved = portable(import.meta, function bumpMoved(bytes: ArrayBuffer) {
  return transfer(functions.bump(bytes), [bytes])
})
