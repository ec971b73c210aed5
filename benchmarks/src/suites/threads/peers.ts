import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { FixedThreadPool } from 'poolifier'
import Tinypool from 'tinypool'
import workerpool from 'workerpool'
import type { Task } from './functions.ts'
import type { Library, Pool } from './library.ts'

const piscina: Library = {
  name: 'piscina',
  open(threads) {
    const pool = new Piscina({ filename: workerFile('piscina'), minThreads: threads, maxThreads: threads })
    const filename = workerFile('piscina-moving')
    return {
      call: (name, ...args) => pool.run({ name, args }),
      move: bytes => pool.run(bytes, { filename, transferList: [bytes] }),
      close: () => pool.destroy(),
    }
  },
}

const tinypool: Library = {
  name: 'tinypool',
  open(threads) {
    const pool = new Tinypool({ filename: workerFile('piscina'), minThreads: threads, maxThreads: threads })
    const filename = workerFile('tinypool-moving')
    return {
      call: (name, ...args) => pool.run({ name, args }),
      move: bytes => pool.run(bytes, { filename, transferList: [bytes] }),
      close: () => pool.destroy(),
    }
  },
}

const poolifier: Library = {
  name: 'poolifier',
  open(threads) {
    const pool = new FixedThreadPool<Task, never>(threads, workerFile('poolifier'))
    return {
      call: (name, ...args) => pool.execute({ name, args }),
      // It has no way to transfer what a worker returns.
      move: bytes => pool.execute({ name: 'bump', args: [bytes] }, undefined, undefined, [bytes]),
      close: () => pool.destroy(),
    }
  },
}

const workerPool: Library = {
  name: 'workerpool',
  open(threads) {
    const pool = workerpool.pool(workerFile('workerpool'), { maxWorkers: threads, workerType: 'thread' })
    return {
      call: (name, ...args) => pool.exec(name, args) as unknown as PromiseLike<never>,
      move: bytes => pool.exec('bumpMoved', [bytes], { transfer: [bytes] }) as unknown as PromiseLike<never>,
      close: () => pool.terminate() as unknown as PromiseLike<unknown>,
    }
  },
}

export const peers: readonly Library[] = [piscina, tinypool, poolifier, workerPool]

/** Closes a pool, or gives up: poolifier's `destroy` does not always come to an end. */
export async function close(pool: Pool): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, 1000)
  await Promise.race([pool.close(), promise]).then(null, () => {})
  clearTimeout(timer)
}

/** A module of the folder `workers`, in the language of this one. */
export function workerFile(name: string): string {
  return fileURLToPath(new URL(`workers/${name}${extname(import.meta.url)}`, import.meta.url))
}
