import type { Redis } from 'ioredis'

/** The bytes of what is stored, without what connections hold. */
export async function storedBytes(client: Redis): Promise<number> {
  const memory = fields(await client.info('memory'))
  return memory('used_memory') - memory('mem_clients_normal') - memory('mem_aof_buffer')
}

/** Milliseconds of CPU that the server has taken so far. */
export async function serverCpu(client: Redis): Promise<number> {
  const cpu = fields(await client.info('cpu'))
  return 1000 * (cpu('used_cpu_user') + cpu('used_cpu_sys'))
}

function fields(info: string): (name: string) => number {
  const lines = new Map(info.split('\r\n').map(line => line.split(':') as [string, string]))
  return name => Number(lines.get(name))
}
