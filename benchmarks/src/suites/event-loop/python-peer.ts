import { PythonProcess } from '../../python-process.ts'
import type { Peer, Program, Programs } from './programs.ts'

/**
 * A loop of Python, in a process that starts with the first program, and lives as long as the suite.
 *
 * @param missing what to type to have it, when it is not there
 */
export function pythonPeer(loop: 'asyncio' | 'uvloop', name: string, missing: string | undefined): Peer {
  let process: PythonProcess | undefined
  const ask = (program: string, args: readonly number[]) => {
    process ??= new PythonProcess(new URL('event_loop.py', import.meta.url), loop)
    return process.ask(program, args)
  }
  const program =
    (name: keyof Programs): Program =>
    (...args) =>
      ask(name, args)
  return {
    name,
    missing,
    programs: {
      spawn: program('spawn'),
      giveWay: program('giveWay'),
      pingPong: program('pingPong'),
      sleeps: program('sleeps'),
      callbacks: program('callbacks'),
      cancel: program('cancel'),
      deepAwait: program('deepAwait'),
      awaitThread: program('awaitThread'),
      blockOnThread: program('blockOnThread'),
    },
    bytesOfSleep: async tasks => (await ask('bytesOfSleep', [tasks])).given as number,
    close: async () => process?.close(),
  }
}
