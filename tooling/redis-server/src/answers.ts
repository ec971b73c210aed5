import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * Whether the server that listens on this port of 127.0.0.1 answers PING, and is the process `pid`: another one may have
 * taken the port before it. A server that asks for a password answers, and cannot be asked who it is.
 */
export async function answers(port: number, pid: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setTimeout(1_000, () => socket.destroy())
  socket.write('PING\r\nINFO server\r\nQUIT\r\n')
  try {
    const reply = await text(socket)
    return reply.startsWith('-NOAUTH') || (reply.startsWith('+PONG') && reply.includes(`\r\nprocess_id:${pid}\r\n`))
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
