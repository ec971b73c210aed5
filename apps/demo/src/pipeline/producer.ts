import { isUtf8 } from 'node:buffer'
import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What a folder holds that the index has a row for. */
export type Found =
  | { readonly path: string; readonly error?: undefined }
  /** A folder that cannot be read, its path with a `/` at the end, or a name that is not text. */
  | { readonly path: string; readonly error: string }

/**
 * Walks a folder and yields what is in it, folder by folder: regular files; links are not followed, and sockets, pipes
 * and devices passed over.
 *
 * @param skip the absolute path of a file to pass over, by whatever links it leads there
 * @throws Error when the folder itself cannot be read
 */
export async function* walk(folder: string, skip: string): AsyncGenerator<Found[]> {
  const [root, skipped] = [await real(folder), await real(skip)]
  const folders = ['']
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    const listing = await list(join(folder, path), path === '')
    if (typeof listing === 'string') {
      yield [{ path, error: listing }]
      continue
    }
    const found: Found[] = []
    for (const entry of listing) {
      if (!entry.isFile() && !entry.isDirectory()) continue
      const child = path + entry.name.toString() + (entry.isDirectory() ? '/' : '')
      // Decoding has replaced the bytes that are no text: the path would lead nowhere.
      if (!isUtf8(entry.name)) found.push({ path: child, error: 'the name is not UTF-8' })
      else if (entry.isDirectory()) folders.push(child)
      else if (join(root, child) !== skipped) found.push({ path: child })
    }
    yield found
  }
}

/** The path without links, also of a file that is not there yet. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = await realpath(dirname(path)).catch(() => dirname(path))
    return join(parent, basename(path))
  }
}

async function list(folder: string, isRoot: boolean) {
  try {
    return await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    if (isRoot) throw new Error(`cannot read the folder ${folder}: ${reason}`, { cause: error })
    return reason
  }
}
