import { isKey } from '../components/keys';

export type Shortcut = { keys: string; run: () => void };

/** Keys of the web view that would reload, print, search or zoom the page on their own. */
const blocked = ['Mod+R', 'Mod+Shift+R', 'F5', 'Mod+F5', 'Mod+P', 'Mod+S', 'Mod+F', 'Mod+G', 'F3', 'F7', 'Mod+U', 'Mod+N', 'Mod+T', 'Mod+J', 'Mod+0', 'Mod++', 'Mod+=', 'Mod+-'];

/** Runs the first shortcut that fits unless a dialog is open, and keeps the web view's own keys from acting. */
export function handleKey(event: KeyboardEvent, shortcuts: readonly Shortcut[]): void {
  const dialog = document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]');
  const found = dialog ? undefined : shortcuts.find(({ keys }) => isKey(event, keys));
  if (found || blocked.some((keys) => isKey(event, keys))) event.preventDefault();
  found?.run();
}
