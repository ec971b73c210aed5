let holders = 0
let timer: NodeJS.Timeout | undefined

/** Keeps the process alive from `hold` to `release`, for as many as hold it. */
export const keepAlive = {
  hold(): void {
    timer ??= setInterval(() => {}, 2 ** 31 - 1)
    if (holders++ === 0) timer.ref()
  },
  release(): void {
    if (--holders === 0) timer?.unref()
  },
}
