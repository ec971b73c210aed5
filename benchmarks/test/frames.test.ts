import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeFrames } from '../src/suites/seed/check-frames.ts'
import { randomFrame, writeCsv } from '../src/suites/seed/frame.ts'

const temporary = () => mkdtempDisposableSync(join(tmpdir(), 'fosen-frames-'))

test('a frame is written as pandas writes it', () => {
  using folder = temporary()
  const file = join(folder.path, 'data.csv')
  writeCsv(file, { columns: 3, values: Float64Array.of(0.5, -1.25, 0, 1 / 3, 12.75, -2e-5) })
  expect(readFileSync(file, 'latin1')).toBe(',0,1,2\n0,0.5,-1.25,0\n1,0.3333333333333333,12.75,-0.00002\n')
})

test('a frame that is longer than what is written at a time is whole', async () => {
  using folder = temporary()
  for (const i of [0, 1]) writeCsv(join(folder.path, `data_${i}.csv`), randomFrame(1000, 200))
  expect(await describeFrames(folder.path)).toMatch(
    /^data_0\.csv data_1\.csv: 1000 × 200, mean 0\.0\d, deviation (0\.99|1\.0\d)$/,
  )
})

describe('a file is refused', () => {
  test.each([
    ['without its last newline', ',0\n0,1', 'a.csv does not end with a newline'],
    ['with another header', ',0,2\n0,1,1\n', 'a.csv begins with ,0,2'],
    ['with a row that is not numbered', ',0\n0,1\n0,1\n', 'a.csv has a row 0,1'],
    ['with a row that is too short', ',0,1\n0,1\n', 'a.csv has a row 0,1'],
    ['with what is no number', ',0,1\n0,1,x\n', 'a.csv has a value x in row 0'],
    ['with an empty cell', ',0,1\n0,1,\n', 'a.csv has a value  in row 0'],
  ])('%s', async (_, text, message) => {
    using folder = temporary()
    writeFileSync(join(folder.path, 'a.csv'), text)
    await expect(describeFrames(folder.path)).rejects.toThrow(message)
  })

  test('when another one has not its shape', async () => {
    using folder = temporary()
    writeFileSync(join(folder.path, 'a.csv'), ',0\n0,1\n')
    writeFileSync(join(folder.path, 'b.csv'), ',0\n0,1\n1,1\n')
    await expect(describeFrames(folder.path)).rejects.toThrow('2 files, with shapes 1 × 1, 2 × 1')
  })
})
