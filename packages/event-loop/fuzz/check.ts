import fc from 'fast-check'
import { programs } from './arbitrary.ts'
import { compare, explain } from './compare.ts'
import { minimise } from './minimise.ts'

export interface Outcome {
  /** How many were run: up to the first that divides the two. */
  readonly programs: number
  /** How many lines CPython's traces have. */
  readonly lines: number
  /** The program that divides them, shrunk, and both traces. */
  readonly divergence: string | undefined
}

/** Runs so many random programs on both sides, the same ones for the same seed, up to the first with two traces. */
export function check(seed: number, howMany: number): Outcome {
  let lines = 0
  const property = fc.property(programs, program => {
    const { cpython, same } = compare(program)
    lines += cpython.length
    return same
  })
  const { counterexample, numRuns } = fc.check(property, { seed, numRuns: howMany })
  if (!counterexample) return { programs: numRuns, lines, divergence: undefined }
  const program = minimise(counterexample[0], each => !compare(each).same)
  return { programs: numRuns, lines, divergence: explain(program, compare(program)) }
}
