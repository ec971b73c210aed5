import { loadCpython, Trace } from '@fosen/cpython'
import { DeadlockError } from '@fosen/event-loop'
import { describe, expect, test } from 'vitest'
import { type Form, inForm, type Program } from './form.ts'
import type { Host } from './host.ts'

const { runScenario } = await loadCpython()

export interface Scenario {
  /** Completes a sentence. */
  readonly name: string
  /** The same program in Python, whose trace on CPython is what every host gives; or the trace, where Python has no such thing. */
  readonly expected: string | readonly string[]
  readonly program: Program
  /** The forms in which it does otherwise, and why. */
  readonly not?: { readonly [form in Form]?: string }
}

/** Registers a test for each scenario: on this host, its trace is the expected one, or another one where that is known. */
export function runScenarios(host: Host, scenarios: readonly Scenario[]): void {
  describe(`${host.name}, with ${host.form}`, () => {
    for (const { name, expected, program, not = {} } of scenarios) {
      const reason = not[host.form]
      test(reason ? `does otherwise than what ${name}: ${reason}` : name, async () => {
        const trace = typeof expected === 'string' ? runScenario(expected) : expected
        if (reason) expect(await traceOf(host, program)).not.toEqual(trace)
        else expect(await traceOf(host, program)).toEqual(trace)
      })
    }
  })
}

async function traceOf(host: Host, program: Program): Promise<string[]> {
  const trace = new Trace()
  const loop = host.open()
  loop.setExceptionHandler(trace.onException)
  try {
    trace.returned(await loop.run(inForm(host.form, program)(trace.log, loop)))
  } catch (error) {
    if (error instanceof DeadlockError) trace.deadlocked()
    else trace.raised(error)
  }
  const lines = [...trace.lines]
  loop.close()
  return lines
}
