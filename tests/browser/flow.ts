/** A user's path as data, and how this driver walks it. The driver of the real window reads the same files. */
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ElementHandle, type Page } from '@playwright/test';
import { type Keychain, until } from './session.ts';

const folder = join(import.meta.dirname, '../flows');

export type Target = { role?: string; name?: string; like?: string; text?: string; checked?: boolean; in?: Target };
export type Step =
  | { click: Target }
  | { fill: { field: Target; value: string } }
  | { type: string }
  | { press: string }
  | { choose: { field: Target; option: string } }
  | { browse: { person?: string; press: string; see: string } }
  | { see: Target }
  | { gone: Target }
  | { write: { path: string; text: string } }
  | { file: { path: string; text: string } }
  | { relaunch: Record<string, never> }
  | { shot: string };
export type Flow = { title: string; bot?: string; keychain?: Keychain; picks?: string[]; steps: Step[] };

export function readFlows(): { name: string; flow: Flow }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json')).sort();
  return files.map((file) => ({ name: file.replace('.json', ''), flow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Flow }));
}

/** What a step needs beyond the page. */
export type World = {
  page: Page;
  bot: string | undefined;
  relaunch: () => Promise<void>;
  shoot: (name: string) => Promise<void>;
  /** The next address that the system's browser was given. */
  opened: () => Promise<string>;
};

export async function take(step: Step, world: World): Promise<void> {
  const { page } = world;
  const inBot = (path: string) => {
    if (world.bot === undefined) throw new Error('this flow has no bot');
    return join(world.bot, path);
  };
  if ('click' in step) await act(page, step.click, (element) => element.click());
  else if ('fill' in step) await act(page, step.fill.field, (element) => element.fill(step.fill.value));
  else if ('type' in step) await page.keyboard.type(step.type);
  else if ('press' in step) await page.keyboard.press(step.press);
  else if ('choose' in step) await act(page, step.choose.field, (element) => element.selectOption({ label: step.choose.option }));
  else if ('browse' in step) await browse(page, await world.opened(), step.browse);
  else if ('see' in step) await element(page, step.see, false);
  else if ('gone' in step) await until(`${JSON.stringify(step.gone)} to be gone`, async () => (await find(page, step.gone, false)) === null);
  else if ('write' in step) {
    mkdirSync(dirname(inBot(step.write.path)), { recursive: true });
    writeFileSync(inBot(step.write.path), step.write.text);
  } else if ('file' in step) {
    await until(`${step.file.path} to hold what was saved`, () => readFileSync(inBot(step.file.path), 'utf8') === step.file.text);
  } else if ('relaunch' in step) await world.relaunch();
  else if ('shot' in step) await world.shoot(step.shot);
  else throw new Error(`unknown step ${JSON.stringify(step)}`);
}

/** Goes through a consent page in a tab of its own, as the system's browser would. */
async function browse(page: Page, link: string, step: { person?: string; press: string; see: string }): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(link);
  if (step.person !== undefined) await tab.getByLabel(step.person).check();
  await tab.getByRole('button', { name: step.press, exact: true }).click();
  await tab.getByText(step.see).first().waitFor();
  await tab.close();
}

/** Does something with an element; one that is replaced at this moment is looked for again. */
async function act(page: Page, target: Target, work: (element: ElementHandle<HTMLElement>) => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work(await element(page, target));
      return;
    } catch (error) {
      if (!String(error).includes('not attached to the DOM')) throw error;
    }
  }
}

/** What is acted upon must be the only one of its kind. */
async function element(page: Page, target: Target, one = true): Promise<ElementHandle<HTMLElement>> {
  let found: ElementHandle<HTMLElement> | null = null;
  let why = '';
  const look = async () => {
    try {
      found = await find(page, target, one);
    } catch (error) {
      why = `: ${String(error)}`;
      found = null;
    }
    return found !== null;
  };
  await until(JSON.stringify(target), look).catch((error: Error) => {
    throw new Error(`${error.message}${why}`);
  });
  return found!;
}

async function find(page: Page, target: Target, one: boolean): Promise<ElementHandle<HTMLElement> | null> {
  // A text and not a function, because the page's policy lets no script make functions out of text.
  const call = `locate(${JSON.stringify(target)}, ${one})`;
  const handle = await page.evaluateHandle(`(() => { ${locate}\nreturn ${call}; })()`);
  return handle.asElement() as ElementHandle<HTMLElement> | null;
}

const locate = readFileSync(join(folder, 'locate.js'), 'utf8');
