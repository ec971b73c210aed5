import { Buffer } from 'node:buffer'
import { stringify } from 'csv-stringify/sync'
import type { Row } from '../pipeline/row.ts'

const columns = ['path', 'bytes', 'lines', 'sha256', 'gzip_bytes', 'error']

/** The index as CSV, sorted by path, in the order of its UTF-8 bytes: the same rows give the same text. */
export function toCsv(rows: readonly Row[]): string {
  const keyed = rows.map(row => ({ row, key: Buffer.from(row.path) }))
  keyed.sort((a, b) => Buffer.compare(a.key, b.key))
  const records = keyed.map(({ row: { path, facts, error } }) => [
    path,
    facts?.bytes,
    facts?.lines,
    facts?.sha256,
    facts?.gzipBytes,
    error,
  ])
  // A carriage return alone would pass unquoted, and be read as the end of a record.
  return stringify(records, { header: true, columns, quoted_match: /\r/ })
}
