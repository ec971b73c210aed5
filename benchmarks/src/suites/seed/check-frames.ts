import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the files of a folder have in common: how many they are, their shape, and of all their values the mean and the standard
 * deviation, to two decimals.
 *
 * @throws Error when a file is not what `to_csv` writes of a frame, or two have not the same shape
 */
export async function describeFrames(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort()
  const moments = { count: 0, sum: 0, squares: 0 }
  const shapes = new Set<string>()
  for (const name of names) shapes.add(addFrame(name, await readFile(join(folder, name), 'latin1'), moments))
  if (shapes.size !== 1) throw new Error(`${names.length} files, with shapes ${[...shapes].join(', ')}`)
  const mean = moments.sum / moments.count
  const deviation = Math.sqrt(moments.squares / moments.count - mean ** 2)
  return `${names.join(' ')}: ${[...shapes]}, mean ${Math.abs(mean).toFixed(2)}, deviation ${deviation.toFixed(2)}`
}

function addFrame(name: string, text: string, moments: { count: number; sum: number; squares: number }): string {
  const [header = '', ...rows] = text.split('\n')
  if (rows.pop() !== '') throw new Error(`${name} does not end with a newline`)
  const columns = header.split(',').length - 1
  if (header !== `,${Array.from({ length: columns }, (_, column) => column)}`) {
    throw new Error(`${name} begins with ${header}`)
  }
  for (const [row, line] of rows.entries()) {
    const [index, ...cells] = line.split(',')
    if (index !== `${row}` || cells.length !== columns) throw new Error(`${name} has a row ${line}`)
    for (const cell of cells) {
      const value = Number(cell)
      if (cell === '' || !Number.isFinite(value)) throw new Error(`${name} has a value ${cell} in row ${row}`)
      moments.count++
      moments.sum += value
      moments.squares += value ** 2
    }
  }
  return `${rows.length} × ${columns}`
}
