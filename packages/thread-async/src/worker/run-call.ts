import { isImported } from '../import-module.ts'
import { findFunction, isGenerator, resolveReference } from '../portable.ts'
import { credit } from '../thread-stream.ts'
import { traceRun } from '../tracing.ts'
import { unpackArguments, type WireArguments } from '../wire/wire-arguments.ts'
import type { RunningCall } from './current-call.ts'

type Send = (value: unknown) => void

/** Runs the function: at once when its module is imported, and every argument is there. */
export function runCall(call: RunningCall, args: WireArguments, send: Send): unknown {
  if (!isImported(call.reference.module) || args.shared.length > 0) return runLater(call, args, send)
  return runWith(call, args.values, send)
}

async function runLater(call: RunningCall, args: WireArguments, send: Send): Promise<unknown> {
  await resolveReference(call.reference)
  return runWith(call, await unpackArguments(args), send)
}

function runWith(call: RunningCall, args: readonly unknown[], send: Send): unknown {
  // Cancelled before it began: nobody waits for it.
  if (call.cancelled) return undefined
  const fn = findFunction(call.reference)
  const made = traceRun(call.reference, args, () => call.run(() => fn(...(args as never[]))))
  return isGenerator(call.reference) ? stream(made as AnyGenerator, call, send) : made
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
