// async_call.py with a thread of its own for each call, as there.
import { setTimeout } from 'node:timers/promises'
import { asyncCall } from '@fosen/thread-async'
import { randomFrame, writeCsv } from './frame.ts'

const A = asyncCall(
  import.meta,
  async function A(rows: number, columns: number, i: number) {
    const data = randomFrame(rows, columns)
    await setTimeout(2000)
    writeCsv(`data_${i}.csv`, data)
    console.log(`data_${i} save done.`)
  },
  { thread: 'own' },
)

function B(i: number) {
  console.log('B func ', i)
}

if (import.meta.main) {
  for (let i = 0; i < 10; i++) {
    A(1000, 1000, i)
    B(i)
  }
}
