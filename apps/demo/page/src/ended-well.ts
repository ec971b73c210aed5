import type { Kill } from '../../src/page/update.ts'

/** Whether a process has ended by itself, its work done: nothing was killed then. */
export const hasEndedWell = ({ how }: Kill): boolean => how === 'code 0'
