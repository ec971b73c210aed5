/** Has `call`, which is called in the place of a generator function, pass for one, by the same name. */
export function standIn<A extends unknown[], G extends Generator>(
  fn: (...args: A) => G,
  call: (...args: A) => G,
): (...args: A) => G {
  Object.setPrototypeOf(call, Object.getPrototypeOf(fn))
  return Object.defineProperty(call, 'name', { value: fn.name })
}
