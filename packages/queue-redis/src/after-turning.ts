const parts = 8
const longestInterval = 2 ** 31 - 1

/**
 * Calls back after so many milliseconds in which the event loop turns. While it stands still, answers may come that it has
 * not seen: that time does not count.
 */
export function afterTurning(ms: number, callback: () => void): Disposable {
  let left = parts
  const timer = setInterval(
    () => {
      if (--left > 0) return
      clearInterval(timer)
      callback()
    },
    Math.min(ms / parts, longestInterval),
  )
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
