/** The interpreter is gone, as by a recursion that is deeper than its stack; `loadCpython` gives another one. */
export class CpythonCrashed extends Error {
  override readonly name = 'CpythonCrashed'
}
