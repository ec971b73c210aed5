// Python: `yield from` yields all that an iterable has, as a loop with a yield does.
// Here: `yield* yieldFrom(…)`, in a coroutine(function* …), which is a def with a yield in it. Array(3).keys() is
// range(3), and [...x] is list(x).
import { coroutine, yieldFrom } from '@fosen/coroutine'

const forTest = coroutine(function* () {
  for (let i = 0; i < 3; i++) yield i
})

const yieldYieldTest = coroutine(function* () {
  yield* yieldFrom(Array(3).keys())
})

console.log(`[${[...forTest()].join(', ')}]`)
console.log(`[${[...yieldYieldTest()].join(', ')}]`)
