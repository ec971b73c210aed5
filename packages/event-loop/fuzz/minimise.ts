import type { Program } from './program.ts'

/**
 * What is left of a program when no single step can be left out, and none taken out of what stands around it, so that it
 * still fails: fast-check shrinks lists and values, and does not take a block apart.
 */
export function minimise(program: Program, fails: (program: Program) => boolean): Program {
  for (const simpler of simplerThan(program)) {
    if (fails(simpler as Program)) return minimise(simpler as Program, fails)
  }
  return program
}

type Data = Readonly<Record<string, unknown>>

/** Each has one part less. */
function* simplerThan(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) yield* simplerList(value)
  else if (typeof value === 'object' && value !== null) yield* simplerObject(value as Data)
  else if (value === true) yield false
}

function* simplerObject(value: Data): Generator<unknown> {
  for (const [key, part] of Object.entries(value)) {
    const simpler = key === 'args' || key === 'when' ? simplerTuple(part as unknown[]) : simplerThan(part)
    for (const each of simpler) yield { ...value, [key]: each }
  }
  // One of the waits that it waits for.
  if (Array.isArray(value.args)) yield* value.args.flat().filter(isWait)
}

function* simplerList(list: readonly unknown[]): Generator<unknown[]> {
  for (const [i, each] of list.entries()) {
    yield list.toSpliced(i, 1)
    for (const block of blocksOf(each)) yield list.toSpliced(i, 1, ...block)
  }
  yield* simplerTuple(list)
}

/** Of the same length. */
function* simplerTuple(tuple: readonly unknown[]): Generator<unknown[]> {
  for (const [i, each] of tuple.entries()) for (const simpler of simplerThan(each)) yield tuple.with(i, simpler)
}

/** What stands in a step, to stand in its place; that of a callback is run at another time, by nobody. */
function blocksOf(step: unknown): unknown[][] {
  if (typeof step !== 'object' || step === null) return []
  return [(step as Data).body, (step as Data).handler, (step as Data).final].filter(Array.isArray)
}

function isWait(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value
}
