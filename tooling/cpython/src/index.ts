export { CpythonCrashed } from './cpython-crashed.ts'
export { type Cpython, loadCpython, type ScenarioOptions } from './load-cpython.ts'
export { Trace } from './trace.ts'
