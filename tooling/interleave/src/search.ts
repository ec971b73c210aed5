import { Describer } from './describer.ts'
import { InterleavingError } from './interleaving-error.ts'
import { Machine } from './machine.ts'
import { recordMemory } from './memory.ts'
import type { Model } from './model.ts'
import { isAlive, type State } from './state.ts'

/** What an exploration has seen. */
export interface Exploration {
  /** Different states: what is in the memory, and what each thread has got from its operations. */
  readonly states: number
  /** Steps between them. */
  readonly steps: number
  /** States in which every thread had returned or died. */
  readonly ends: number
}

/** A state, and the step by which it was reached first. */
interface Node {
  readonly state: State
  readonly depth: number
  readonly before: Node | undefined
  readonly describe: () => string
  /** Where steps lead from to this state, other than optional ones. */
  readonly origins: Node[]
}

/** Goes through the states of a model. */
export class Search<S> {
  readonly #model: Model<S>
  readonly #maxSteps: number
  readonly #shared: S
  readonly #describer: Describer
  readonly #machine: Machine<S>
  readonly #names: readonly string[]

  constructor(model: Model<S>, maxSteps: number) {
    const { shared, memory } = recordMemory(model.setup)
    this.#model = model
    this.#maxSteps = maxSteps
    this.#shared = shared
    this.#describer = new Describer(shared, memory)
    this.#machine = new Machine(model, shared, memory, this.#describer)
    this.#names = Object.keys(model.threads)
  }

  /**
   * @param most states to go through
   * @throws InterleavingError for the first failure in that order
   */
  run(order: 'deepest' | 'shallowest', most = Number.POSITIVE_INFINITY): Exploration {
    const seen = new Map<string, Node>()
    const ends: Node[] = []
    let steps = 0
    const start = { state: this.#machine.start(), depth: 0, before: undefined, describe: () => '', origins: [] }
    const frontier: Node[] = [start]
    for (let first = 0; first < frontier.length && seen.size < most; ) {
      const node = (order === 'deepest' ? frontier.pop() : frontier[first++]) as Node
      const key = this.#machine.keyOf(node.state)
      const known = seen.get(key)
      known?.origins.push(...node.origins)
      if (known) continue
      seen.set(key, node)
      this.#check(node)
      const moves = this.#machine.movesFrom(node.state)
      if (moves.every(({ isOptional }) => isOptional)) {
        ends.push(node)
        this.#checkEnd(node)
      }
      if (moves.length > 0 && node.depth >= this.#maxSteps) {
        throw this.#failure(node, `the threads have not ended after ${this.#maxSteps} steps`)
      }
      steps += moves.length
      // What is pushed last is popped first.
      for (const move of order === 'deepest' ? moves.reverse() : moves) {
        const origins = move.isOptional ? [] : [node]
        frontier.push({ ...this.#machine.make(node.state, move), depth: node.depth + 1, before: node, origins })
      }
    }
    // Where rounds are forgotten, a loop that nothing ends leads back to where it was.
    if (this.#model.statelessLoops && seen.size < most) this.#checkWays(seen.values(), ends)
    return { states: seen.size, steps, ends: ends.length }
  }

  /** From every state there is a way to an end. */
  #checkWays(nodes: Iterable<Node>, ends: readonly Node[]) {
    const leadToEnd = new Set(ends)
    for (const node of leadToEnd) for (const origin of node.origins) leadToEnd.add(origin)
    for (const node of nodes) if (!leadToEnd.has(node)) throw this.#failure(node, 'no way leads to an end any more')
  }

  #check(node: Node) {
    const threw = node.state.threads.find(({ type }) => type === 'threw')
    if (threw?.type === 'threw') throw this.#failure(node, threw.error)
    const { eachStep } = this.#model
    if (eachStep) this.#try(node, () => eachStep(this.#shared))
  }

  #checkEnd(node: Node) {
    const { threads } = node.state
    if (threads.some(isAlive)) throw this.#failure(node, 'no thread can go on')
    const returned: Record<string, unknown> = {}
    for (const [i, thread] of threads.entries()) {
      if (thread.type === 'returned') returned[this.#names[i] as string] = thread.value
    }
    const died = this.#names.filter((_, i) => threads[i]?.type === 'dead')
    this.#try(node, () => this.#model.atEnd?.(this.#shared, { returned, died }))
  }

  #try(node: Node, check: () => void) {
    this.#machine.enter(node.state)
    try {
      check()
    } catch (error) {
      throw this.#failure(node, error)
    }
  }

  #failure(node: Node, what: unknown): InterleavingError {
    const steps: string[] = []
    for (let it = node; it.before; it = it.before) steps.unshift(it.describe())
    const threads = node.state.threads.map((thread, i) => `${this.#names[i]}  ${this.#describer.thread(thread)}`)
    if (typeof what === 'string') return new InterleavingError(what, steps, threads)
    return new InterleavingError(what instanceof Error ? what.message : String(what), steps, threads, { cause: what })
  }
}
