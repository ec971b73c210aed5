import { isImported } from '../import-module.ts'
import { findFunction, isGenerator, type Reference, resolveReference } from '../portable.ts'
import { credit } from '../thread-stream.ts'
import { unpackArguments, type WireArguments } from '../wire/wire-arguments.ts'
import type { RunningCall } from './current-call.ts'

type Send = (value: unknown) => void

/** Runs the function: at once when its module is imported, and every argument is there. */
export function runCall(reference: Reference, args: WireArguments, call: RunningCall, send: Send): unknown {
  if (!isImported(reference.module) || args.shared.length > 0) return runLater(reference, args, call, send)
  return runWith(reference, args.values, call, send)
}

async function runLater(reference: Reference, args: WireArguments, call: RunningCall, send: Send): Promise<unknown> {
  await resolveReference(reference)
  return runWith(reference, await unpackArguments(args), call, send)
}

function runWith(reference: Reference, args: readonly unknown[], call: RunningCall, send: Send): unknown {
  // Cancelled before it began: nobody waits for it.
  if (call.cancelled) return undefined
  const fn = findFunction(reference)
  const made = call.run(() => fn(...(args as never[])))
  return isGenerator(reference) ? stream(made as AnyGenerator, call, send) : made
}

type AnyGenerator = Generator<unknown> | AsyncGenerator<unknown>

/** Sends what the generator yields, as far as there is credit; ends it when the call is cancelled. Gives what it returns. */
async function stream(generator: AnyGenerator, call: RunningCall, send: Send): Promise<unknown> {
  call.giveCredit(credit)
  try {
    for (;;) {
      const step = await call.run(() => generator.next())
      if (step.done) return step.value
      await call.takeCredit()
      if (call.cancelled) return undefined
      send(step.value)
    }
  } finally {
    await call.run(() => generator.return(undefined))
  }
}
