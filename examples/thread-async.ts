// npm install @fosen/thread-async
//
// Checksums of files, made in threads: the event loop stays free, one broken file fails alone, and a slow one is stopped.

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentCall, portable, ThreadPool, TimeoutError } from '@fosen/thread-async'

// What runs in threads is at the top level of a module, which each thread imports.
export const checksum = portable(import.meta, function checksum(path: string) {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8)
})

/** A generator gives its values while it runs, and waits when nobody takes them. */
export const chunks = portable(import.meta, function* chunks(path: string, size: number) {
  const bytes = readFileSync(path)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size).length
})

/** Looks for a suffix that gives a checksum with so many zeros: for ever, unless it is told that nobody waits. */
export const mine = portable(import.meta, function mine(text: string, zeros: number) {
  for (let n = 0; !currentCall().cancelled; n++) {
    const sum = createHash('sha256').update(`${text}${n}`).digest('hex')
    if (sum.startsWith('0'.repeat(zeros))) return n
  }
  throw new Error('nobody waits for it')
})

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'checksums-'))
  const paths = ['a', 'b', 'c'].map(name => join(folder, name))
  for (const path of paths) writeFileSync(path, path.slice(-1).repeat(100_000))

  const pool = new ThreadPool({ max: 2 })

  // In the order of the paths, two at a time.
  for await (const sum of pool.map(checksum, paths)) console.log(sum)

  // What fails over there fails here, with its class, its code and both stacks.
  const missing = await pool.submit(checksum, join(folder, 'd')).then(undefined, error => error)
  console.log(missing instanceof Error, missing.code)

  for await (const length of pool.submit(chunks, join(folder, 'a'), 40_000)) console.log(length)

  // `await` leaves this thread free, `result()` blocks it as Python's does.
  console.log(await pool.submit(mine, 'fosen', 3), pool.submit(mine, 'fosen', 4).result())
  const late = pool.with({ timeout: 50 }).submit(mine, 'fosen', 64)
  console.log(await late.then(undefined, error => error instanceof TimeoutError))

  await pool.shutdown()
  rmSync(folder, { recursive: true })
}

/* prints
6d1cf22d
768b54e3
c280c432
true ENOENT
40000
40000
20000
6265 48885
true
*/
