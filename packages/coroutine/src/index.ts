export { Coroutine, type CoroutineOf, coroutine } from './coroutine.ts'
export { StopIteration } from './errors.ts'
export { next } from './next.ts'
export { type Origin, originOf } from './origin.ts'
