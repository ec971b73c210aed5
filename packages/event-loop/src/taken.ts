/** Marks a coroutine that is run. A WeakSet of them would cost several times what a task does. */
const taken = Symbol.for('fosen.task/taken')

/** Whether a task, or an async function that awaits it, runs a coroutine: nobody else can. */
export function isTaken(coroutine: object): boolean {
  return (coroutine as { [taken]?: true })[taken] === true
}

export function markTaken(coroutine: object): void {
  ;(coroutine as { [taken]?: true })[taken] = true
}

export const takenMessage = 'cannot reuse already awaited coroutine: it has a task, or was awaited'
