import type { Contender, Workload } from '../src/workload.ts'

/** Contenders that take the times of their lists, one each run, on a clock that nothing else pushes on. */
export function fakeContenders(times: Record<string, number[]>) {
  let time = 0
  const order: string[] = []
  const contenders = Object.entries(times).map(([name, list]): Contender => {
    const left = [...list]
    return {
      name,
      async run(untimed) {
        order.push(name)
        time += left.shift() ?? Number.NaN
        await untimed(() => {
          time += 1000
        })
        return 'done'
      },
    }
  })
  return { now: () => time, order, contenders: contenders as unknown as Workload['contenders'] }
}

/** As often as a list is asked for: a warm-up, and so many repetitions, each of which takes as long. */
export function steady(milliseconds: number, repetitions: number): number[] {
  return [1e6, ...Array.from({ length: repetitions }, () => milliseconds)]
}
