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
    const path = await saveElsewhere(csv, basename(out))
    return path === undefined ? { path, problem } : { path, problem: `${problem}; it is in ${path}` }
  }
}

/** @returns where it is, in a new folder among the temporary files; undefined when it cannot be there either */
async function saveElsewhere(csv: string, name: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fosen-index-')).catch(() => undefined)
  if (folder === undefined) return undefined
  try {
    const path = join(folder, name)
    await writeFile(path, csv)
    return path
  } catch {
    await rm(folder, { recursive: true, force: true })
    return undefined
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
