/** F6 walks the regions of the window in the order of sight and puts focus on the first thing in each that takes it. */
export function nextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>(
    '[data-row][tabindex="0"], [aria-current], .cm-content, textarea, input, a[href], button:not([disabled]), [tabindex="0"]',
  );
  target?.focus();
}
