// Python: next() runs a generator to its first yield, send(1) makes 1 the value of that yield, and StopIteration says
// that the generator has returned. Nobody catches it, so that it ends the program.
// Here: coroutine(function* …) is a def with a yield in it; next, send and StopIteration do what they do in Python.
import { coroutine, next } from '@fosen/coroutine'

const coroutineExample = coroutine(function* (name: string): Generator<string, void, number> {
  console.log(`start croutine name:${name}`)
  const x = yield name
  console.log(`send value:${x}`)
})

const coro = coroutineExample('hi')
console.log(next(coro))
console.log(coro.send(1)) // StopIteration
