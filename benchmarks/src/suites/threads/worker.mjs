// The functions of the peers: each library wants them in a form of its own.
import { isMainThread } from 'node:worker_threads'
import { ThreadWorker } from 'poolifier'
import workerpool from 'workerpool'

const cell = new Int32Array(new SharedArrayBuffer(4))
const functions = {
  add: (a, b) => a + b,
  grow: record => ({ ...record, age: record.age + 1 }),
  size: bytes => bytes.length,
  wait: ms => {
    Atomics.wait(cell, 0, 0, ms)
    return ms
  },
}

/** piscina and tinypool: a function that is given one value. */
export default ({ name, args }) => functions[name](...args)

const kind = process.env.FOSEN_BENCH_WORKER
export const poolifier =
  !isMainThread && kind === 'poolifier' ? new ThreadWorker(({ name, args }) => functions[name](...args)) : undefined
if (!isMainThread && kind === 'workerpool') workerpool.worker(functions)
