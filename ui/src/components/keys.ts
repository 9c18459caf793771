/** How shortcuts are written and recognised. `Mod` is Ctrl, and Cmd on macOS. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function keyLabel(keys: string): string {
  const parts = keys.split('+').map((part) => (part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : part === 'Escape' ? 'Esc' : part));
  return parts.join(isMac ? '' : ' ');
}

/** The same for assistive technology. */
export const ariaKeys = (keys: string) => keys.replace('Mod', isMac ? 'Meta' : 'Control');

/** Whether a key event is this shortcut, modifiers exactly. */
export function isKey(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  const same = event.key.length === 1 ? event.key.toLowerCase() === key.toLowerCase() : event.key === key;
  return same && !other && mod === parts.includes('Mod') && event.shiftKey === parts.includes('Shift') && event.altKey === parts.includes('Alt');
}
