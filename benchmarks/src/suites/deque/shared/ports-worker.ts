import { type MessagePort, parentPort } from 'node:worker_threads'
import { item } from './crossing.ts'
import type { Task } from './ports.ts'

const port = parentPort as MessagePort
port.on('message', (task: Task) => {
  if (task.type === 'produce') {
    for (let i = 0; i < task.count; i++) port.postMessage(item)
  } else if (task.type === 'produceMany') {
    const items = Array(task.batch).fill(item)
    for (let sent = 0; sent < task.count; sent += task.batch) port.postMessage(items)
  } else port.postMessage(task.value)
})
