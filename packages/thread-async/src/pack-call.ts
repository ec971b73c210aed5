import type { Call } from './call.ts'
import type { SentCalls } from './sent-calls.ts'
import { keepArguments, packArguments, type WireArguments } from './wire/wire-arguments.ts'

/** Readies the arguments of a call for a message; it is one from then on. */
export function packCall(call: Call): void {
  call.isRead = true
  try {
    const { args, transfer } = packArguments(call.given, call.transfer)
    call.message = args
    call.transfer = transfer
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
  if (!call.message) packCall(call)
  call.isRead = true
  try {
    const packed = { args: call.message as WireArguments, transfer: call.transfer }
    const { args, transfer } = keepArguments(packed, call.reference.name)
    call.message = args
    call.transfer = transfer
  } finally {
    call.isRead = false
  }
}
