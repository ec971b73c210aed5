import { useEffect, useState } from 'preact/hooks'

export type Theme = 'light' | 'dark'

const key = 'fosen-demo-theme'
const prefersDark = matchMedia('(prefers-color-scheme: dark)')

/** The theme, what the system prefers until another was chosen here, and a way to change it. */
export function useTheme(): [theme: Theme, toggle: () => void] {
  const [chosen, choose] = useState(localStorage.getItem(key))
  const [preferred, prefer] = useState<Theme>(prefersDark.matches ? 'dark' : 'light')
  useEffect(() => {
    const onChange = () => prefer(prefersDark.matches ? 'dark' : 'light')
    prefersDark.addEventListener('change', onChange)
    return () => prefersDark.removeEventListener('change', onChange)
  }, [])
  const theme = chosen === 'light' || chosen === 'dark' ? chosen : preferred
  document.documentElement.dataset.theme = theme
  const toggle = () => {
    const other = theme === 'dark' ? 'light' : 'dark'
    localStorage.setItem(key, other)
    choose(other)
  }
  return [theme, toggle]
}

/** A colour of the style sheet, for what is drawn on a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
