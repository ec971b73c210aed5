/** A number as the demo shows it to people. */
export const toNumber = (shown = '') => Number(shown.replaceAll(',', ''))
