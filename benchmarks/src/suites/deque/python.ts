import { pythonVersion } from '@fosen/python'
import { PythonProcess } from '../../python-process.ts'
import type { Contender, MissingPeer } from '../../workload.ts'

export interface PythonDeque extends AsyncDisposable {
  readonly name: string
  /** A program of `deque.py`, on a deque of `size` items. */
  contender(program: string, size: number, count?: number): Contender | MissingPeer
  bytesEach(size: number): Promise<number>
}

/** `collections.deque`, in a process that starts with the first program. */
export async function pythonDeque(): Promise<PythonDeque> {
  const version = await pythonVersion()
  const name = version === undefined ? 'CPython' : `CPython ${version}`
  let process: PythonProcess | undefined
  const ask = (program: string, size: number, count: number) => {
    process ??= new PythonProcess(new URL('deque.py', import.meta.url))
    return process.ask(program, [size, count])
  }
  return {
    name,
    contender(program, size, count = 0) {
      if (version === undefined) return { name, missing: 'apt-get install -y python3' }
      return { name, run: () => ask(program, size, count) }
    },
    bytesEach: async size => (await ask('bytes', size, 0)).given as number,
    async [Symbol.asyncDispose]() {
      await process?.close()
    },
  }
}
