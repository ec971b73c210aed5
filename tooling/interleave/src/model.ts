/**
 * Threads that work on shared memory, and what must hold of it.
 *
 * The memory that `setup` makes is all that changes, and is put back before each step. What a thread has besides, it makes
 * in its program, which is run again and again from its start: it must do the same each time it gets the same from
 * Atomics.
 */
export interface Model<S> {
  /** Makes what the threads share: every SharedArrayBuffer that it makes is part of the state. Called again on a failure. */
  readonly setup: () => S
  /** Their programs by name: synchronous, and ending in every interleaving. What one throws fails the exploration. */
  readonly threads: { readonly [name: string]: (shared: S) => unknown }
  /** The part of the shared memory that threads read and write without Atomics; any other such write is refused. */
  readonly plain?: (shared: S) => readonly ArrayBufferView[]
  /**
   * Views of memory that only one thread at a time uses, as what a lock protects: what it does through them is no step of
   * its own, but a part of the step before. That there is only one is not checked.
   */
  readonly quiet?: (shared: S) => readonly ArrayBufferView[]
  /** Throws when what must hold after every step does not. */
  readonly eachStep?: (shared: S) => void
  /** Throws when what must hold once every thread has returned or died does not. */
  readonly atEnd?: (shared: S, end: End) => void
  /** Lets threads die; without it none does. */
  readonly deaths?: Deaths<S>
  /**
   * How many waits, in one interleaving, may outlast their timeout while another thread could go on; 0 by default. Such a
   * wait either times out, or was notified and finds its time over all the same.
   */
  readonly timeouts?: number
  /**
   * Whether a wait times out when no thread can go on before it does; true by default. Without it a wait lasts until it
   * is notified: a wake-up that was lost, and that a timeout would make up for, is a deadlock then.
   */
  readonly timeoutsWhenStuck?: boolean
  /** The longest interleaving that is no failure; 1000 steps by default. */
  readonly maxSteps?: number
  /**
   * Whether the loops of the programs keep nothing in variables from one round to the next but what time it is, as loops
   * that try again do; false by default. A thread that comes back to an operation of the same place in the code, with
   * the same arguments and at the same time, is where it was then: that makes far fewer states, and loops that spin end.
   * A loop that is found to count its rounds fails the exploration. Not together with `plain`.
   */
  readonly statelessLoops?: boolean
}

export interface Deaths<S> {
  /** How many threads may die in one interleaving, each before any of its operations or asleep in one. */
  readonly most: number
  /** The threads that may die; all by default. */
  readonly of?: readonly string[]
  /** A step of its own, at any time after the death: what somebody does who has noticed. */
  readonly onDeath?: (shared: S, thread: string) => void
}

/** How an interleaving has ended. */
export interface End {
  /** What the programs of the threads that did not die have returned, by name. */
  readonly returned: { readonly [name: string]: unknown }
  readonly died: readonly string[]
}
