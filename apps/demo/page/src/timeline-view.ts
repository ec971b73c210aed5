/** Which part of the run is shown, in milliseconds from its origin. */
export interface View {
  readonly from: number
  readonly to: number
  /** Whether it goes on with the run. */
  readonly follows: boolean
}

const [shortest, longest] = [0.05, 3_600_000]

/** A view that ends at a moment, as long as before. */
export function follow(view: View, end: number): View {
  return { from: end - (view.to - view.from), to: end, follows: true }
}

/** @param share of the length of the view; negative to see what was before */
export function pan(view: View, share: number): View {
  const by = (view.to - view.from) * share
  return { from: view.from + by, to: view.to + by, follows: false }
}

/**
 * @param factor below 1 to see less of the run, in more detail
 * @param at the moment that stays where it is; a view that follows keeps its end
 */
export function zoom(view: View, factor: number, at: number): View {
  const length = view.to - view.from
  const wanted = Math.min(longest, Math.max(shortest, length * factor))
  const fixed = view.follows ? view.to : at
  const from = fixed - ((fixed - view.from) / length) * wanted
  return { from, to: from + wanted, follows: view.follows }
}
