import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { FixedThreadPool } from 'poolifier'
import Tinypool from 'tinypool'
import workerpool from 'workerpool'

/** A pool of two threads, whichever library it is of. */
export interface Peer {
  readonly name: string
  call(name: string, ...args: unknown[]): PromiseLike<unknown>
  close(): Promise<unknown>
}

const filename = fileURLToPath(new URL('worker.mjs', import.meta.url))
const threads = 2

const env = (kind: string) => ({ ...process.env, FOSEN_BENCH_WORKER: kind })

export function openPeers(): Peer[] {
  const piscina = new Piscina({ filename, minThreads: threads, maxThreads: threads })
  const tinypool = new Tinypool({ filename, minThreads: threads, maxThreads: threads })
  const poolifier = new FixedThreadPool(threads, filename, { workerOptions: { env: env('poolifier') } })
  const pool = workerpool.pool(filename, {
    maxWorkers: threads,
    workerType: 'thread',
    workerThreadOpts: { env: env('workerpool') },
  })
  return [
    { name: 'piscina', call: (name, ...args) => piscina.run({ name, args }), close: () => piscina.destroy() },
    { name: 'tinypool', call: (name, ...args) => tinypool.run({ name, args }), close: () => tinypool.destroy() },
    { name: 'poolifier', call: (name, ...args) => poolifier.execute({ name, args }), close: () => poolifier.destroy() },
    {
      name: 'workerpool',
      call: (name, ...args) => pool.exec(name, args) as unknown as PromiseLike<unknown>,
      close: async () => pool.terminate(),
    },
  ]
}
