import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** The path led to something else than a regular file when it was opened. */
class NotRegularError extends Error {
  override readonly name = 'NotRegularError'
  readonly code = 'not a regular file'
}

/**
 * Opens a file to read it, if it is a regular one: a link is not followed, and a pipe does not block.
 *
 * @throws an error with a `code` that says why it cannot be read
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if ((await file.stat()).isFile()) return file
    throw new NotRegularError(path)
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The content of a file; undefined when it is larger than `most` bytes. */
export async function readRegularFile(path: string, most: number): Promise<Uint8Array | undefined> {
  await using file = await openRegularFile(path)
  if ((await file.stat()).size > most) return undefined
  return await file.readFile()
}
