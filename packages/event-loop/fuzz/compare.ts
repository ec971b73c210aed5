import { loadCpython } from '@fosen/cpython'
import type { Program } from './program.ts'
import { runFosen } from './run-fosen.ts'
import { prelude, toPython } from './to-python.ts'

const { runScenario } = await loadCpython()

export interface Comparison {
  readonly cpython: readonly string[]
  readonly fosen: readonly string[]
  readonly same: boolean
}

/** Runs a program on both sides, and compares the traces. */
export function compare(program: Program): Comparison {
  const cpython = runScenario(toPython(program), { prelude }).map(spelt)
  const fosen = runFosen(program).map(spelt)
  return { cpython, fosen, same: cpython.length === fosen.length && cpython.every((line, i) => line === fosen[i]) }
}

/** What is worded in another way on purpose: names in messages, and what a message tells of objects. */
function spelt(line: string): string {
  return line
    .replace(/task_done/g, 'taskDone')
    .replace(/InvalidStateError\([^)]*\)/g, 'InvalidStateError')
    .replace(/(resetVariable.*-> \w+)\(.*/, '$1')
}

/** A program that divides them, and where: to be read, and to be run. */
export function explain(program: Program, { cpython, fosen }: Comparison): string {
  const first = cpython.findIndex((line, i) => line !== fosen[i])
  const at = first === -1 ? cpython.length : first
  return [
    toPython(program),
    'both:',
    ...cpython.slice(0, at).map(line => `    ${line}`),
    'CPython goes on:',
    ...cpython.slice(at, at + 5).map(line => `    ${line}`),
    'fosen goes on:',
    ...fosen.slice(at, at + 5).map(line => `    ${line}`),
  ].join('\n')
}
