import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, type Request, test } from '@playwright/test';
import { readFlows, take } from './flow.ts';
import { Session, need, until } from './session.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = join(import.meta.dirname, '../shots/browser');
const sizes = [{ width: 1280, height: 800 }, { width: 960, height: 640 }];
const schemes = ['light', 'dark'] as const;

test.beforeAll(() => need({ chromium: 'chromium' }));

for (const { name, flow } of readFlows()) {
  test(`${name}: ${flow.title}`, async ({ page }) => {
    const session = await Session.start(flow.keychain ?? 'open');
    try {
      const bot = flow.bot === undefined ? undefined : session.copyBot(flow.bot);
      const open = async (folder?: string) => {
        const host = await session.startHost(flow.picks ?? [], folder);
        await page.context().setExtraHTTPHeaders({ 'x-patchbay-token': host.token });
        await page.goto(host.url);
      };
      // Quitting waits for what was asked for, as a person would who sees it done.
      const asked = new Set<Request>();
      page.on('request', (request) => request.url().includes('/rpc/') && asked.add(request));
      page.on('requestfinished', (request) => asked.delete(request));
      page.on('requestfailed', (request) => asked.delete(request));
      const relaunch = async () => {
        await until('answers of the engine', () => asked.size === 0);
        await open();
      };
      const world = { page, bot, relaunch, shoot: (shot: string) => shoot(page, `${name}-${shot}`), opened: () => session.opened() };
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await open(bot);
      for (const [at, step] of flow.steps.entries()) {
        await test.step(`${at + 1}: ${JSON.stringify(step)}`, () => take(step, world));
      }
      expect(errors, 'errors that the page did not catch').toEqual([]);
    } catch (error) {
      // Taken here, because the page is left before the runner would look at it.
      await page.screenshot({ path: join(shots, `failed-${name}.png`) });
      await test.info().attach('page', { body: await page.locator('body').ariaSnapshot() });
      throw error;
    } finally {
      // The page lets go of the engine first, or it would ask again until the test ends.
      await page.goto('about:blank');
      await session.stop();
    }
  });
}

/** Pictures of a screen in both themes and sizes, each checked for barriers. */
async function shoot(page: Page, name: string): Promise<void> {
  const barriers: string[] = [];
  for (const size of sizes) {
    for (const colorScheme of schemes) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const look = `${name}-${colorScheme}-${size.width}x${size.height}`;
      await painted(page);
      await page.screenshot({ path: join(shots, `${look}.png`) });
      barriers.push(...(await barriersOf(page)).map((barrier) => `${look}: ${barrier}`));
    }
  }
  await page.setViewportSize(sizes[0]!);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect(barriers, 'barriers found by axe').toEqual([]);
}

/** Fonts are there, nothing fades, and a frame was drawn. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity).map((animation) => animation.finished));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

async function barriersOf(page: Page): Promise<string[]> {
  // Handed to the page by the driver, because its policy takes no foreign scripts.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Rule = { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] };
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Rule[] }> } };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}) at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
  });
}
