import type { Settings } from '../api/bindings';

/** Whether the narrow layout is due: a large scale leaves less room. */
export const isNarrow = (innerWidth: number, scale: number) => (innerWidth * 100) / scale < 1080;

/** Puts theme, scale and width class on the page. */
export function applyLook(settings: Settings, narrow: boolean): void {
  const root = document.documentElement;
  if (settings.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = settings.theme;
  root.style.setProperty('--scale', String(settings.scale / 100));
  root.toggleAttribute('data-narrow', narrow);
}
