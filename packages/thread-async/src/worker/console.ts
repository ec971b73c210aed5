/** Not imported: a thread starts sooner when no module is made of what Node has loaded anyway. */
const { writeSync } = process.getBuiltinModule('node:fs')

/**
 * Has what this thread prints appear at once.
 *
 * A thread's stdout and stderr otherwise go through the main thread's event loop: nothing would be seen while that is
 * blocked, and what a thread printed before it died might be lost.
 */
export function writeConsoleAtOnce(): void {
  writeAtOnce(process.stdout, 1)
  writeAtOnce(process.stderr, 2)
}

function writeAtOnce(stream: NodeJS.WriteStream, fd: number) {
  stream._write = (chunk: string | Uint8Array, encoding, done) => {
    try {
      writeAll(fd, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
      done()
    } catch (error) {
      done(error as Error)
    }
  }
  stream._writev = (chunks, done) => {
    const all = chunks.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk))
    stream._write(Buffer.concat(all), 'utf8', done)
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

function writeAll(fd: number, bytes: Uint8Array) {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      // A pipe whose reader is slow, and that is not set to block.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}
