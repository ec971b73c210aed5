import { Deque } from '@fosen/queue-deque'
import type { Suite, Workload } from '../workload.ts'

const operations = 200_000

/** A queue that holds `size` elements, while as many go through it as there are operations. */
function throughput(size: number): Workload {
  const contender = (name: string, queue: { push(value: number): void; shift(): number | undefined }) => ({
    name,
    run() {
      for (let i = 0; i < size; i++) queue.push(0)
      let sum = 0
      for (let i = 0; i < operations; i++) {
        queue.push(1)
        sum += queue.shift() ?? Number.NaN
      }
      for (let i = 0; i < size; i++) sum += queue.shift() ?? Number.NaN
      return sum
    },
  })
  const deque = new Deque<number>()
  const array: number[] = []
  return {
    title: `append + popLeft with ${size.toLocaleString('en-US')} elements`,
    operations,
    expected: operations,
    contenders: [
      contender('Deque', { push: value => deque.append(value), shift: () => deque.popLeft() }),
      contender('Array', { push: value => array.push(value), shift: () => array.shift() }),
    ],
  }
}

export function deque(): Suite {
  return { workloads: [throughput(10), throughput(1000)], async [Symbol.asyncDispose]() {} }
}
