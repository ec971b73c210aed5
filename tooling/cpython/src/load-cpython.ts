import { readdirSync, readFileSync } from 'node:fs'
import { loadPyodide } from 'pyodide'
import type { PyCallable } from 'pyodide/ffi'
import { CpythonCrashed } from './cpython-crashed.ts'
import { snapshot } from './snapshot.ts'

/** CPython 3.14, in this thread. */
export interface Cpython {
  /**
   * Runs the `async def main()` of a Python program in a new event loop, whose clock counts milliseconds and jumps.
   *
   * @param source Python, which may be indented as a whole. It has `log(…)`, which adds a line to the trace, the running
   * `loop`, and by their bare names what asyncio exports, `ContextVar` and `copy_context`
   * @returns the lines that were logged, and one about how main has ended
   * @throws Error when the source does not compile, or fails outside of main
   * @throws CpythonCrashed when the program brought the interpreter down, which is of no use after that
   */
  runScenario(source: string, options?: ScenarioOptions): string[]

  /**
   * Runs the `def main(argument)` of a Python program that needs no event loop.
   *
   * @param source Python, which may be indented as a whole
   * @param argument a value of JSON, as is what main returns
   * @throws Error when the source does not compile, or main raises
   * @throws CpythonCrashed as `runScenario` does
   */
  runProgram(source: string, argument?: unknown): unknown
}

export interface ScenarioOptions {
  /** Python that comes before the source, and is compiled once for all the programs that have it. */
  readonly prelude?: string
  /** Whether the two orders that CPython leaves open are made definite, as fosen promises them; true by default. */
  readonly deviations?: boolean
  /** How many turns of its loop the program may take before it is held to be endless; 100 000 by default. */
  readonly maxTurns?: number
}

let loading: Promise<Cpython> | undefined

/** Loads CPython, once for the process: in a third of a second, the first time ever in two. */
export function loadCpython(): Promise<Cpython> {
  loading ??= load()
  return loading
}

async function load(): Promise<Cpython> {
  // What CPython prints on stderr when it crashes is told by the error; on stdout a program prints.
  const pyodide = await loadPyodide({ stdout: line => console.log(line), stderr: () => {}, _loadSnapshot: snapshot() })
  pyodide.FS.mkdirTree('/oracle/fosen_cpython')
  const sources = new URL('../python/fosen_cpython/', import.meta.url)
  for (const file of readdirSync(sources).filter(name => name.endsWith('.py'))) {
    pyodide.FS.writeFile(`/oracle/fosen_cpython/${file}`, readFileSync(new URL(file, sources)))
  }
  const [run, runProgram]: [PyCallable, PyCallable] = pyodide.runPython(`
    import sys
    sys.path.insert(0, '/oracle')
    from fosen_cpython.program import run_program
    from fosen_cpython.scenario import prepare, run
    prepare()
    run, run_program
  `)
  // Not to be had from a crashed one.
  const { PythonError } = pyodide.ffi
  let crash: CpythonCrashed | undefined
  const call = (python: PyCallable, ...args: unknown[]) => {
    if (crash) throw crash
    try {
      return JSON.parse(python(...args))
    } catch (error) {
      if (error instanceof PythonError) throw error
      loading = undefined
      crash = new CpythonCrashed('a program has crashed CPython: load another one', { cause: error })
      throw crash
    }
  }
  return {
    runScenario: (source, { prelude = '', deviations = true, maxTurns = 100_000 } = {}) =>
      call(run, source, prelude, deviations, maxTurns),
    runProgram: (source, argument = null) => call(runProgram, source, JSON.stringify(argument)),
  }
}
