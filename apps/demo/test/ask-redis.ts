import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** What Redis answers to a command. */
export async function askRedis(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return await text(connect(Number(port), hostname).end(`${command}\r\nQUIT\r\n`))
}
