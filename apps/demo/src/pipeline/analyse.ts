import { createHash, hash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createGzip, gzipSync } from 'node:zlib'
import { currentCall, portable } from '@fosen/thread-async'
import { openRegularFile } from './regular-file.ts'
import type { Facts } from './row.ts'

/**
 * The CPU part of the work, on a file that is in memory.
 *
 * @param _path for those who watch what threads do
 */
export const analyse = portable(import.meta, function analyse(_path: string, content: Uint8Array): Facts {
  return {
    bytes: content.length,
    lines: countLines(content),
    sha256: hash('sha256', content),
    gzipBytes: gzipSync(content).length,
  }
})

/** The same for a file too large to be in memory at once: it is read here, piece by piece, until the call is cancelled. */
export const analyseLarge = portable(import.meta, async function analyseLarge(path: string, folder: string) {
  const sha256 = createHash('sha256')
  const gzip = createGzip()
  let [bytes, lines, gzipBytes] = [0, 0, 0]
  gzip.on('data', (piece: Buffer) => {
    gzipBytes += piece.length
  })
  await using file = await openRegularFile(join(folder, path))
  const pieces: AsyncIterable<Buffer> = file.createReadStream({ autoClose: false, signal: currentCall().signal })
  for await (const piece of pieces) {
    bytes += piece.length
    lines += countLines(piece)
    sha256.update(piece)
    if (!gzip.write(piece)) await once(gzip, 'drain')
  }
  gzip.end()
  await once(gzip, 'end')
  return { bytes, lines, sha256: sha256.digest('hex'), gzipBytes } satisfies Facts
})

/** Newlines, as `wc -l` counts them. */
function countLines(content: Uint8Array): number {
  let lines = 0
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) lines++
  return lines
}
