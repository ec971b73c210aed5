import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

export interface Saved {
  /** Where the index is; undefined when it could be written nowhere. */
  readonly path: string | undefined
  /** Why it is not where it should be, as a sentence. */
  readonly problem?: string
}

/** Writes the index, or when that is not possible, as on a full disk, writes it among the temporary files. */
export async function saveIndex(csv: string, out: string): Promise<Saved> {
  try {
    await writeFile(out, csv)
    return { path: out }
  } catch (error) {
    const problem = `cannot write the index to ${out}: ${(error as Error).message}`
    await removeHalf(out)
    try {
      const path = join(await mkdtemp(join(tmpdir(), 'fosen-index-')), basename(out))
      await writeFile(path, csv)
      return { path, problem: `${problem}; it is in ${path}` }
    } catch {
      return { path: undefined, problem }
    }
  }
}

/** What there is of it could be taken for the whole; a device stays. */
async function removeHalf(path: string) {
  try {
    if ((await stat(path)).isFile()) await rm(path)
  } catch {
    // It says nothing that the first error does not.
  }
}
