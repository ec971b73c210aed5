export { explore } from './explore.ts'
export { InterleavingError } from './interleaving-error.ts'
export type { Deaths, End, Model } from './model.ts'
export type { Exploration } from './search.ts'
