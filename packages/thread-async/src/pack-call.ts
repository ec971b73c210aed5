import type { Call } from './call.ts'
import type { SentCalls } from './sent-calls.ts'
import { keepArguments, type PackedArguments, packArguments } from './wire/wire-arguments.ts'

/** The arguments of a call ready for a message; it is one from then on. */
export function packCall(call: Call): PackedArguments {
  call.isRead = true
  try {
    call.packed ??= packArguments(call.given, call.transfer)
    return call.packed
  } finally {
    call.isRead = false
  }
}

/**
 * Has a call that waits take its arguments as they are, whatever becomes of them until it is sent.
 *
 * @throws DataCloneError when one of them cannot be cloned
 */
export function keepCall(call: Call, sent: SentCalls): void {
  if (sent.keep(call)) return
  const packed = packCall(call)
  call.isRead = true
  try {
    call.packed = keepArguments(packed, call.reference.name)
  } finally {
    call.isRead = false
  }
}
