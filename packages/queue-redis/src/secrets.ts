/** Commands whose arguments have a password. */
const secretive = new Set(['hello', 'auth'])

/**
 * Takes passwords out of an error of ioredis, and gives it: where Redis refuses one, the error has the command that was
 * refused, password and all; and commands that waited for that connection fail with the same error.
 */
export function withoutSecrets(error: unknown): unknown {
  for (let each = error as ClientError | undefined; each instanceof Error; each = each.lastNodeError) {
    if (each.command !== undefined && secretive.has(each.command.name)) delete each.command
  }
  return error
}

interface ClientError extends Error {
  command?: { readonly name: string } | undefined
  /** Of a cluster of which no node can be reached: why the last of them could not. */
  readonly lastNodeError?: ClientError | undefined
}

/** The part of a URL that says where it leads. Of one that cannot be parsed, where its password is cannot be told. */
export function urlWithoutSecrets(url: string): string {
  const { protocol, host } = URL.parse(url) ?? {}
  return host
    ? `'${protocol}//${host}'`
    : 'one that cannot be parsed, and is not shown for the password that it may have'
}
