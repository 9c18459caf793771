import axe from 'axe-core';
import { expect } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { answers } from '../dev/answers';
import { Api } from '../src/api/call';
import App from '../src/app/App.svelte';
import { type Answers, FakeHost } from '../src/host/fake';

type Start = Parameters<typeof answers>[0];

/** The whole interface against a fake engine, on one of its screens. */
export async function open(hash: string, start: Start = {}, change: Answers = {}): Promise<FakeHost> {
  const host = new FakeHost({ ...answers(start), ...change });
  await render(App, { api: new Api(host) });
  if (start?.open === false) await expect.element(page.getByRole('heading', { name: 'Patchbay' })).toBeVisible();
  else {
    await expect.element(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    location.hash = hash;
  }
  return host;
}

export const button = (name: string | RegExp) => page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
export const link = (name: string) => page.getByRole('link', { name, exact: true });
export const press = async (keys: string) => {
  const { userEvent } = await import('vitest/browser');
  await userEvent.keyboard(keys);
};

/** No rule of WCAG 2.2 A or AA may be broken by what is on the screen. */
export async function expectAccessible(): Promise<void> {
  // Colours are read as they are, not half way through a fade.
  await Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined)));
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'page-has-heading-one': { enabled: true }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join(' | ')}`)).toEqual([]);
}
