import { coroutine } from '@fosen/coroutine'
import { allTasks, type CoGenerator, currentTask, eagerTaskFactory, sleep } from '@fosen/event-loop'
import { body } from './body.ts'
import { runOp } from './ops.ts'
import type { Program } from './program.ts'
import { World } from './world.ts'

/** Runs a program on fosen, in virtual time, and gives its trace. */
export function runFosen(program: Program): string[] {
  const world = new World()
  const { loop, trace } = world
  try {
    trace.returned(loop.runUntilCompleteSync(main(program, world)))
  } catch (error) {
    trace.raised(error)
  }
  const lines = [...trace.lines]
  loop.close()
  return lines
}

const main = coroutine(function* main(program: Program, world: World): CoGenerator<void> {
  const { loop } = world
  if (program.eager) loop.setTaskFactory(eagerTaskFactory)
  for (const [i] of program.bodies.entries()) world.spawn('main', me => body(program, world, i, me))
  yield* sleep(100)
  help(world)
  yield* sleep(1000)
  world.report()
  for (const task of allTasks()) if (task !== currentTask()) task.cancel('end')
  yield* sleep(1000)
  world.report()
})

/** Wakes what may wait for something that no task does. */
function help(world: World) {
  for (const [i] of world.futures.entries()) runOp(world, 'main', { name: 'setResult', args: [i, 9] })
  runOp(world, 'main', { name: 'setFlag', args: [] })
  for (const queue of ['queue', 'priority', 'lifo'] as const) {
    runOp(world, 'main', { name: 'putNowait', args: [queue, 9] })
  }
}
