export { type Cpython, CpythonCrashed, loadCpython, type ScenarioOptions } from './load-cpython.ts'
export { Trace } from './trace.ts'
