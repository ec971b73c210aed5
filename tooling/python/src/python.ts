import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The Python that Debian's packages belong to: another one on the PATH does not see them. */
export const python = '/usr/bin/python3'

/** As 3.11; undefined when there is no Python. */
export function pythonVersion(): Promise<string | undefined> {
  return promisify(execFile)(python, ['-c', 'import sys; print(*sys.version_info[:2], sep=".")']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}
