import { connect } from 'node:net'

/**
 * Whether the server that listens on this port of 127.0.0.1 answers PING, and is the process `pid`: another one may have
 * taken the port before it. A server that asks for a password answers, and cannot be asked who it is.
 */
export async function answers(port: number, pid: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setTimeout(1_000, () => socket.destroy())
  // A Sentinel has no QUIT.
  socket.setEncoding('utf8').write('PING\r\nINFO server\r\n')
  try {
    let reply = ''
    for await (const part of socket) {
      reply += part
      if (reply.startsWith('-NOAUTH')) return true
      const answerer = /\r\nprocess_id:(\d+)\r\n/.exec(reply)
      if (answerer !== null) return reply.startsWith('+PONG') && Number(answerer[1]) === pid
    }
    return false
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
