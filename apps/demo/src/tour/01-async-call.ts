// Python: a decorator has each call of a function run in a thread of its own, while the caller goes on. Ten threads
// each make a table of random numbers, sleep for two seconds, and write it to a file: data_0.csv … data_9.csv.
// Here: asyncCall(import.meta, function …) is the decorated def, import.meta.main is __name__ == "__main__", and a
// thread waits with `await setTimeout(2000)` for sleep(2): times are in milliseconds.
import { writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { asyncCall } from '@fosen/thread-async'
import { randomNormal } from 'd3-random'

export const A = asyncCall(
  import.meta,
  async function A(x1: number, x2: number, i: number) {
    const data = Array.from({ length: x1 }, () => Array.from({ length: x2 }, randomNormal()))
    await setTimeout(2000)
    await writeFile(`data_${i}.csv`, toCsv(data))
    console.log(`data_${i} save done.`)
  },
  { thread: 'own' },
)

function B(i: number) {
  console.log('B func ', i)
}

/** The lines of a table as pandas writes them: headed by the numbers of the columns, each row by its own. */
function* toCsv(data: number[][]) {
  yield `,${data[0]?.keys().toArray()}\n`
  for (const [i, row] of data.entries()) yield `${i},${row}\n`
}

if (import.meta.main) {
  for (let i = 0; i < 10; i++) {
    A(1000, 1000, i)
    B(i)
  }
}
