import { workerData } from 'node:worker_threads'
import { BlockingPort } from './blocking-port.ts'
import type { EchoData } from './ports.ts'

const { port, cells } = workerData as EchoData
const blocking = new BlockingPort(port, cells, 1)
for (;;) blocking.post(blocking.receive())
