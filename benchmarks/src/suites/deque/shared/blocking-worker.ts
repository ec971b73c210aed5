import { workerData } from 'node:worker_threads'
import { BlockingPort } from './blocking-port.ts'
import type { PortData } from './blocking-ports.ts'
import { perform, type Task } from './task.ts'

const { port, cells } = workerData as PortData
const blocking = new BlockingPort(port, cells, 1)
for (;;) perform(blocking.receive() as Task, value => blocking.post(value))
