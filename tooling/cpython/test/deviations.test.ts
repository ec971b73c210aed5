import { expect, test } from 'vitest'
import { loadCpython } from '../src/index.ts'

const { runScenario } = await loadCpython()

const inOrder = '0 1 2 3 4 5 6 7'

/** Programs in which eight tasks or timers log their numbers in an order that CPython leaves open. */
const programs = {
  'timers of one time': `
    async def main():
        for i in range(8):
            loop.call_at(10, order.append, i)
        await sleep(20)
  `,
  'the children that a TaskGroup cancels': `
    async def main():
        async with TaskGroup() as group:
            for i in range(8):
                group.create_task(member(i))
            await sleep(0)
            current_task().cancel()
  `,
  'the tasks that wait returns': `
    async def main():
        tasks = [create_task(sleep(1, i)) for i in range(8)]
        done, _ = await wait(tasks)
        order.extend(task.result() for task in done)
  `,
  'futures that are done before as_completed': `
    async def main():
        futures = [Future() for _ in range(8)]
        for i, future in enumerate(futures):
            future.set_result(i)
        order.extend([await future for future in as_completed(futures)])
  `,
  all_tasks: `
    async def main():
        tasks = [create_task(member(i)) for i in range(8)]
        await sleep(0)
        for task in all_tasks():
            task.cancel()
        await wait(tasks)
  `,
}

/** @param litter what makes addresses, and so hashes, differ from run to run */
const scenario = (program: string, litter = 0) => `
order = []
litter = [[object() for _ in range(i % 7)] for i in range(${litter})]

async def member(i):
    try:
        await sleep(1000)
    finally:
        order.append(i)
${program.replace(/^ {4}/gm, '').replace('async def main()', 'async def program()')}
async def main():
    try:
        await program()
    except CancelledError:
        pass
    log(*order)
`

test.each(Object.entries(programs))('%s come in the order in which they were added', (_, program) => {
  for (let litter = 0; litter < 10; litter++) expect(runScenario(scenario(program, litter))[0]).toBe(inOrder)
})

test.each(Object.entries(programs))('%s come in another order on CPython as it is', (_, program) => {
  const orders = Array.from({ length: 10 }, (_, litter) => {
    const [order] = runScenario(scenario(program, litter * 13), { deviations: false })
    return order
  })
  expect(orders.some(order => order !== inOrder)).toBe(true)
})
