import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** What answers INFO with this text, and everything else with an error, as a server that does not know it. */
export async function startFakeRedis(info: string) {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', bytes => {
      for (const [, name] of bytes.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        const isInfo = name?.toLowerCase() === 'info'
        socket.write(isInfo ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : `-ERR unknown command '${name}'\r\n`)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `redis://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() }
}
