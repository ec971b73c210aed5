// A thread that is asked for so many round trips to a TCP port, one after the other, and gives the milliseconds of each.
import { once } from 'node:events'
import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

const bytes = Buffer.alloc(64)

parentPort?.on('message', async (trips: number) => {
  const socket = connect({ port: workerData, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const times: number[] = []
  while (times.length < trips) {
    const started = performance.now()
    socket.write(bytes)
    for (let left = bytes.length; left > 0; ) {
      const [data] = await once(socket, 'data')
      left -= data.length
    }
    times.push(performance.now() - started)
  }
  socket.destroy()
  parentPort?.postMessage(times)
})
