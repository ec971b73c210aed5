import { expect, test } from 'vitest'
import { DelayHeap } from '../src/delay-heap.ts'
import { seededRandom } from './fixtures/random.ts'

test.for([1, 2, 3])('a delay heap gives the earliest first, and of equals the one added first (seed %i)', seed => {
  const random = seededRandom(seed)
  const heap = new DelayHeap<string>()
  const model: { due: number; item: string }[] = []
  for (let step = 0; step < 2000; step++) {
    if (random() < 0.55) {
      const due = Math.floor(random() * 20)
      heap.push(due, `${step}`)
      model.push({ due, item: `${step}` })
      model.sort((a, b) => a.due - b.due)
    } else {
      expect(heap.pop()).toBe(model.shift()?.item)
    }
    expect(heap.nextDue).toBe(model[0]?.due ?? Infinity)
    expect(heap.length).toBe(model.length)
  }
})
