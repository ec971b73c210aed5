const reason =
  'an async function goes on in a microtask as soon as what it awaits is done, and lets others go on at each await'

/** For what shows that a coroutine goes on in the next turn of the loop, or at once. */
export const inMicrotasks = { 'async functions': reason, 'both in turns': reason } as const
