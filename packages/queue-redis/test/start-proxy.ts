import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Proxy extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** How many connections there have been. */
  readonly connections: number
  /** Breaks every connection that there is. */
  cut(): void
  /** From the next reply that has this text, only so many bytes of it reach the client; then its connection is cut. */
  cutReplyWith(text: string, bytes: number): void
  /** What goes either way is swallowed, on the connections that there are: they look alive, and are dead. */
  freeze(): void
  /** Replies are kept back, until they are released. */
  hold(): void
  release(): void
}

/** A proxy of its own before a server of this machine. */
export async function startProxy(target: number): Promise<Proxy> {
  const links = new Set<{ client: Socket; server: Socket; isFrozen: boolean }>()
  let cutting: { text: string; bytes: number } | undefined
  let connections = 0
  let held: (() => void)[] | undefined
  const listener = createServer(client => {
    connections++
    const server = connect(target, '127.0.0.1')
    const link = { client, server, isFrozen: false }
    links.add(link)
    const end = () => {
      links.delete(link)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
    client.on('data', bytes => {
      if (!link.isFrozen) server.write(bytes)
    })
    server.on('data', bytes => {
      if (link.isFrozen) return
      if (held !== undefined) return void held.push(() => client.write(bytes))
      const at = cutting === undefined ? -1 : bytes.indexOf(cutting.text)
      if (cutting === undefined || at < 0) return void client.write(bytes)
      const end = at + cutting.bytes
      cutting = undefined
      client.write(bytes.subarray(0, end), () => client.destroy())
    })
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections
    },
    cut() {
      for (const { client } of links) client.destroy()
    },
    cutReplyWith(text, bytes) {
      cutting = { text, bytes }
    },
    freeze() {
      for (const link of links) link.isFrozen = true
    },
    hold() {
      held = []
    },
    release() {
      for (const reply of held ?? []) reply()
      held = undefined
    },
    async [Symbol.asyncDispose]() {
      listener.close()
      for (const { client } of links) client.destroy()
      await once(listener, 'close')
    },
  }
}
