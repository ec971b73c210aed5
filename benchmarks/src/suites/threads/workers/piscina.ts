import { runTask } from '../functions.ts'

// tinypool wants the same.
export default runTask
