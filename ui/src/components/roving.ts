/**
 * Arrow keys inside a list with one tab stop. Put it on the list; rows are marked `data-row` and are the links or buttons
 * that take focus. Right goes to the row's action (`data-action` in the same item), Left comes back.
 */
export function roving(list: HTMLElement) {
  const rows = () => [...list.querySelectorAll<HTMLElement>('[data-row]')];
  const set = (row: HTMLElement) => {
    for (const other of list.querySelectorAll<HTMLElement>('[data-row], [data-action]')) other.tabIndex = -1;
    row.tabIndex = 0;
    actionOf(row)?.setAttribute('tabindex', '0');
  };
  const actionOf = (row: HTMLElement) => row.closest('li')?.querySelector<HTMLElement>('[data-action]');

  const settle = () => {
    const all = rows();
    const first = all.find((row) => row.tabIndex === 0) ?? all.find((row) => row.hasAttribute('aria-current')) ?? all[0];
    if (first) set(first);
  };
  const keydown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.key === 'ArrowLeft' && target.matches('[data-action]')) {
      event.preventDefault();
      target.closest('li')?.querySelector<HTMLElement>('[data-row]')?.focus();
      return;
    }
    const all = rows();
    const at = all.findIndex((row) => row.closest('li') === target.closest('li'));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = all[at];
    const next =
      event.key === 'ArrowDown' ? all[at + 1] : event.key === 'ArrowUp' ? all[at - 1] : event.key === 'Home' ? all[0] : event.key === 'End' ? all.at(-1) : undefined;
    if (next) {
      event.preventDefault();
      set(next);
      next.focus();
    } else if (event.key === 'ArrowRight' && row && target === row) {
      event.preventDefault();
      (actionOf(row) ?? row).focus();
    }
  };
  const focusin = (event: FocusEvent) => {
    const row = (event.target as HTMLElement).closest('li')?.querySelector<HTMLElement>('[data-row]');
    if (row) set(row);
  };
  list.addEventListener('keydown', keydown);
  list.addEventListener('focusin', focusin);
  // Rows come and go with the filter; one of them always keeps the tab stop.
  const watch = new MutationObserver(settle);
  watch.observe(list, { childList: true, subtree: true });
  settle();
  return () => {
    watch.disconnect();
    list.removeEventListener('keydown', keydown);
    list.removeEventListener('focusin', focusin);
  };
}
