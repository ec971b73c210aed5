import workerpool from 'workerpool'
import { functions } from '../functions.ts'

workerpool.worker({
  ...functions,
  bumpMoved: (bytes: ArrayBuffer) => new workerpool.Transfer(functions.bump(bytes), [bytes]),
})
