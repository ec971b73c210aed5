// npm install @fosen/coroutine
//
// A CSV parser that is fed: chunks come as a socket gives them, rows go to a second coroutine as soon as they are whole.

import { type Coroutine, coroutine, GeneratorExit, next } from '@fosen/coroutine'

type Row = readonly string[]
/** Takes values by `send`, and gives nothing. */
type Sink<T> = Coroutine<void, void, T>

/** Cuts chunks into rows: a quoted field may hold commas and line breaks, and end in another chunk. */
const parseCsv = coroutine(function* (target: Sink<Row>): Generator<void, void, string> {
  let row: string[] = []
  let field = ''
  let quoted = false
  const endRow = () => {
    target.send([...row, field])
    ;[row, field] = [[], '']
  }
  try {
    for (;;) {
      for (const char of yield) {
        if (char === '"') quoted = !quoted
        else if (quoted || (char !== ',' && char !== '\n')) field += char
        else if (char === ',') [row, field] = [[...row, field], '']
        else endRow()
      }
    }
  } catch (error) {
    if (!(error instanceof GeneratorExit)) throw error
    // Closed by its user: what is left is the last row, unless the text ended with a line break.
    if (row.length > 0 || field !== '') endRow()
    target.close()
  }
})

/** Adds up the amounts of each name, and tells the sums when it is closed. */
const sumByName = coroutine(function* (): Generator<void, void, Row> {
  const sums = new Map<string, number>()
  try {
    for (;;) {
      const [name = '', amount] = yield
      sums.set(name, (sums.get(name) ?? 0) + Number(amount))
      console.log(`${JSON.stringify(name)} has ${sums.get(name)} so far`)
    }
  } finally {
    for (const [name, sum] of sums) console.log(JSON.stringify(name), sum)
  }
})

const sums = sumByName()
const parser = parseCsv(sums)
// A coroutine runs to its first `yield` before anything can be sent to it, as in Python.
for (const coro of [sums, parser]) next(coro)

for (const chunk of ['Ann,3\n"Mill', 'er, Bo",5\nA', 'nn,4\n"Miller, ', 'Bo",1']) parser.send(chunk)
parser.close()
console.log(parser.state, sums.state)

/* prints
"Ann" has 3 so far
"Miller, Bo" has 5 so far
"Ann" has 7 so far
"Miller, Bo" has 6 so far
"Ann" 7
"Miller, Bo" 6
CORO_CLOSED CORO_CLOSED
*/
