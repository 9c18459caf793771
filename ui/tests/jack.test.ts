import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Jack from '../src/components/Jack.svelte';
import { jackLabels, type JackState } from '../src/components/jack';

/** Shape carries the state: what is drawn differs for each. */
const shapes: Record<JackState, { dashed: boolean; paths: number; circles: number }> = {
  connected: { dashed: false, paths: 0, circles: 2 },
  connecting: { dashed: false, paths: 1, circles: 2 },
  notConnected: { dashed: false, paths: 0, circles: 2 },
  needsAttention: { dashed: false, paths: 1, circles: 2 },
  failed: { dashed: false, paths: 1, circles: 1 },
  askedInChat: { dashed: true, paths: 0, circles: 2 },
  askedConnected: { dashed: true, paths: 0, circles: 2 },
};

for (const [state, shape] of Object.entries(shapes) as [JackState, (typeof shapes)[JackState]][]) {
  test(`jack ${state}: shape and label`, async () => {
    await render(Jack, { state });
    const svg = page.getByRole('img', { name: jackLabels[state], exact: true }).element();
    expect(svg.querySelectorAll('path').length).toBe(shape.paths);
    expect(svg.querySelectorAll('circle').length).toBe(shape.circles);
    expect(svg.querySelector('[stroke-dasharray]') !== null).toBe(shape.dashed);
  });
}

test('all seven drawings differ', async () => {
  const drawings = new Set<string>();
  for (const state of Object.keys(shapes) as JackState[]) {
    const shown = await render(Jack, { state, label: 'x' });
    drawings.add(page.getByRole('img', { name: 'x' }).element().innerHTML);
    shown.unmount();
  }
  expect(drawings.size).toBe(7);
});

test('a jack beside words is silent', async () => {
  const { container } = await render(Jack, { state: 'failed', label: null });
  expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
  expect(page.getByRole('img').elements()).toEqual([]);
});
