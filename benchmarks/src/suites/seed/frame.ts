import { closeSync, openSync, writeSync } from 'node:fs'
import { randomNormal } from 'd3-random'
import { numberSpace, writeNumber } from './write-number.ts'

/** Rows of numbers, as a DataFrame of pandas. */
export interface Frame {
  readonly columns: number
  /** Row by row. */
  readonly values: Float64Array
}

/** Standard normals: `pd.DataFrame(np.random.randn(rows, columns))`. */
export function randomFrame(rows: number, columns: number): Frame {
  const normal = randomNormal()
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < values.length; i++) values[i] = normal()
  return { columns, values }
}

/**
 * `to_csv`: the numbers of the columns, and each row after its own. Values have the digits that Python gives them; those
 * below 1e-4 it writes with an exponent, and this from 1e-6 on.
 */
export function writeCsv(path: string, { columns, values }: Frame): void {
  const lineSpace = (columns + 1) * (numberSpace + 1)
  const buffer = Buffer.allocUnsafeSlow(Math.max(2 ** 16, 2 * lineSpace))
  const bytes = new DataView(buffer.buffer)
  const file = openSync(path, 'w')
  let end = 0
  const endLine = () => {
    bytes.setUint8(end++, newline)
    if (end + lineSpace <= buffer.length) return
    writeSync(file, buffer, 0, end)
    end = 0
  }
  try {
    for (let column = 0; column < columns; column++) {
      bytes.setUint8(end++, comma)
      end = writeNumber(bytes, end, column)
    }
    endLine()
    for (let i = 0, row = 0; i < values.length; row++) {
      end = writeNumber(bytes, end, row)
      for (const next = i + columns; i < next; i++) {
        bytes.setUint8(end++, comma)
        end = writeNumber(bytes, end, values[i] as number)
      }
      endLine()
    }
    writeSync(file, buffer, 0, end)
  } finally {
    closeSync(file)
  }
}

const comma = 0x2c
const newline = 0x0a
