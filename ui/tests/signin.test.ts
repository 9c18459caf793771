import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AttemptView, IntegrationView } from '../src/api/bindings';
import { looksLikeScript } from '../src/features/chat/paste';
import { refuse } from '../src/host/fake';
import { bot } from '../dev/bot';
import { exchange, signingIn, startedChat } from '../dev/chat';
import { attemptOf } from '../dev/connect';
import { button, open, press } from './stage';

const log = () => page.getByRole('log', { name: 'Conversation' });
const inspector = () => page.getByRole('region', { name: 'Inspector' });
const entryOf = (alias: string) => bot.integrations.find((one) => one.alias === alias) as IntegrationView;
const pasteOn = (target: EventTarget, text: string) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  target.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }));
};

test('buttons in a bubble: a signed-in one is checked, each press goes to the engine', async () => {
  const host = await open('#/chat', { chat: signingIn() });
  await expect.element(log().getByRole('button', { name: /Login with Google/ })).toHaveTextContent('Signed in');
  await log().getByRole('button', { name: /Login with Facebook/ }).click();
  expect(host.requests('chat_press')).toEqual([{ chat: 'chat-1', item: 2, button: 1 }]);
  await log().getByRole('button', { name: /Read the terms/ }).click();
  await expect.element(log().getByRole('button', { name: /Read the terms/ })).toHaveTextContent('Done:');
});

test('a sign-in button turns while its attempt goes on, and works again after a cancel', async () => {
  const attempt: AttemptView = attemptOf(entryOf('facebook'), 'victor', { attempt: 'one' });
  const host = await open('#/chat', { chat: signingIn({ log: [] }) }, {
    connect_get: ({ attempt: id }) => {
      if (id !== 'one') throw refuse('notFound', 'Gone.');
      return attempt;
    },
    connect_cancel: () => Object.assign(attempt, { state: 'cancelled', message: 'The sign-in was cancelled.' }),
  });
  const facebook = () => log().getByRole('button', { name: /Login with Facebook/ });
  await facebook().click();
  host.send({ type: 'connectChanged', attempt: 'one' });
  await expect.element(facebook()).toHaveTextContent('Waiting for the browser');
  expect(facebook().element().querySelector('[data-state="connecting"]')).not.toBeNull();
  const bar = page.getByRole('region', { name: 'Sign-in under way' });
  await expect.element(bar).toHaveTextContent('Facebook: waiting for you to approve in the browser');
  await expect.element(bar.getByRole('timer')).toHaveTextContent(/[45]:\d\d left/);
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect.element(facebook()).toHaveTextContent('Sign-in was cancelled');
  await expect.element(bar).not.toBeInTheDocument();
  await facebook().click();
  expect(host.requests('chat_press').length).toBe(2);
});

test('a token that arrives is said', async () => {
  const attempt = attemptOf(entryOf('facebook'), 'victor', { attempt: 'one', opened: false });
  const host = await open('#/chat', { chat: signingIn() }, { connect_get: () => attempt });
  await expect.element(log()).toBeVisible();
  host.send({ type: 'connectChanged', attempt: 'one' });
  await expect.element(page.getByRole('region', { name: 'Sign-in under way' })).toHaveTextContent('https://accounts.facebook.example/authorize');
  Object.assign(attempt, { state: 'connected' });
  host.send({ type: 'connectChanged', attempt: 'one' });
  await expect.element(page.getByRole('status', { name: 'Announcements' })).toHaveTextContent('Token received for facebook');
});

test('links in a message open through the engine', async () => {
  const host = await open('#/chat', { chat: signingIn() });
  await log().getByRole('link', { name: 'patchbay://login/facebook' }).click();
  await log().getByRole('link', { name: 'https://example.org/terms' }).click();
  expect(host.requests('chat_open_link').map(({ url }) => url)).toEqual(['patchbay://login/facebook', 'https://example.org/terms']);
});

test('quick replies stand under the last message only, and are said when pressed', async () => {
  const host = await open('#/chat', { chat: signingIn() });
  const replies = page.getByRole('group', { name: 'Quick replies' });
  await replies.getByRole('button', { name: 'E-mail' }).click();
  expect(host.requests('chat_send')).toEqual([{ chat: 'chat-1', text: 'E-mail' }]);
  await expect.element(log()).toHaveTextContent('Hello E-mail');
  await expect.element(replies).not.toBeInTheDocument();
});

test('what is not connected can be connected from the chat and from its log line', async () => {
  const host = await open('#/chat', { chat: signingIn() });
  await page.getByRole('region', { name: 'Conversation' }).getByRole('button', { name: 'Connect facebook' }).click();
  expect(host.requests('connect_start')).toEqual([{ bot: 'bot-1', alias: 'facebook', persona: 'victor', way: null }]);
  await expect.element(page.getByRole('region', { name: 'Sign-in under way' })).toBeVisible();
  await inspector().getByRole('tab', { name: /Log/ }).click();
  await expect.element(inspector().getByRole('button', { name: 'Connect facebook' })).toBeVisible();
});

for (const [allow, name] of [[true, 'Allow for this bot'], [false, 'Stop']] as const) {
  test(`a token for a new host pauses and asks: ${name}`, async () => {
    const place = { file: 'login.bubble', line: 24, column: 3 };
    const host = await open('#/chat', { chat: signingIn({ status: 'paused', at: place, log: [], pause: { alias: 'google', host: 'graph.facebook.com', message: 'Nobody has allowed this yet.', place } }) });
    const pause = page.getByRole('region', { name: 'Waiting for your decision' });
    await expect.element(pause.getByRole('alert')).toHaveTextContent('Token ‹google› is about to go to graph.facebook.com, from login.bubble:24:3');
    await expect.element(page.getByText(/until you decide/)).toBeVisible();
    await pause.getByRole('button', { name }).click();
    expect(host.requests('chat_answer_pause')).toEqual([{ chat: 'chat-1', allow }]);
    await expect.element(pause).not.toBeInTheDocument();
  });
}

test('the clock jumps by an hour, a day, or as far as is asked, and says how far it is ahead', async () => {
  const host = await open('#/chat');
  await button('Clock').click();
  await page.getByRole('menuitem', { name: '1 hour' }).click();
  await expect.element(button('Clock, ahead 1 h')).toHaveTextContent('Ahead 1 h');
  await button('Clock, ahead 1 h').click();
  await page.getByRole('menuitem', { name: 'Another time…' }).click();
  await page.getByLabelText('How far').fill('0');
  await page.getByRole('dialog').getByRole('button', { name: 'Jump ahead' }).click();
  await expect.element(page.getByText('Give a whole number from 1 to 1000.')).toBeVisible();
  await page.getByLabelText('How far').fill('2');
  await page.getByRole('radio', { name: 'Days' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Jump ahead' }).click();
  await expect.poll(() => host.requests('chat_jump').map(({ seconds }) => seconds)).toEqual([3600, 172_800]);
  await expect.element(page.getByText('Ahead 2 days 1 h')).toBeVisible();
});

test('an event is sent by name with JSON or nothing, and stands under Events', async () => {
  const host = await open('#/chat');
  await button('Send an event…').click();
  await page.getByLabelText('Payload').fill('{order');
  await button('Send event').click();
  await expect.element(page.getByText('Give the event a name.')).toBeVisible();
  await expect.element(page.getByText(/This is not JSON/)).toBeVisible();
  expect(host.requests('chat_event')).toEqual([]);
  await page.getByLabelText('Name', { exact: true }).fill('order_shipped');
  await page.getByLabelText('Payload').fill('{"order": 12}');
  await button('Send event').click();
  expect(host.requests('chat_event')).toEqual([{ chat: 'chat-1', name: 'order_shipped', payload: '{"order": 12}' }]);
  await inspector().getByRole('tab', { name: /Events/ }).click();
  await expect.element(inspector()).toHaveTextContent('order_shipped');
  await expect.element(inspector()).toHaveTextContent('No dialog handles it');
});

test('personas: who talks is in the header and the strip; another one starts a conversation of its own', async () => {
  const host = await open('#/chat');
  const strip = page.getByRole('contentinfo', { name: 'Status' });
  await expect.element(strip).toHaveTextContent('Persona: Victor Cooper');
  await button('Persona: Victor Cooper').click();
  await page.getByRole('menuitem', { name: 'Ada Byron' }).click();
  await expect.poll(() => host.requests('persona_use')).toEqual([{ bot: 'bot-1', persona: 'ada' }]);
  await expect.poll(() => host.requests('chat_start').at(-1)?.persona).toBe('ada');
  expect(host.requests('chat_close').length).toBe(1);
  await expect.element(strip).toHaveTextContent('Persona: Ada Byron');
  await expect.element(page.getByPlaceholder('Reply as Ada')).toBeVisible();
});

test('personas are added with Ctrl+Shift+R, edited, and removed after a question', async () => {
  const host = await open('#/chat');
  const heard = () => host.send({ type: 'personasChanged', bot: 'bot-1' });
  await expect.element(button('Persona: Victor Cooper')).toBeVisible();
  await press('{Control>}{Shift>}r{/Shift}{/Control}');
  await button('Add and use').click();
  await expect.element(page.getByText('Give the persona a first name.')).toBeVisible();
  await page.getByLabelText('First name').fill('Noor');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => host.requests('persona_save')).toEqual([{ bot: 'bot-1', persona: null, firstName: 'Noor', lastName: '', email: '' }]);
  heard();
  await expect.element(button('Persona: Noor')).toBeVisible();
  await button('Persona: Noor').click();
  await page.getByRole('menuitem', { name: 'Edit Noor…' }).click();
  await page.getByLabelText('Last name').fill('Haddad');
  await button('Save persona').click();
  heard();
  await button('Persona: Noor Haddad').click();
  await page.getByRole('menuitem', { name: 'Remove Noor Haddad…' }).click();
  await button('Remove persona').click();
  await expect.poll(() => host.requests('persona_remove').length).toBe(1);
  heard();
  await expect.element(button('Persona: Victor Cooper')).toBeVisible();
});

test('a persona that the engine refuses to save keeps its form', async () => {
  await open('#/chat', {}, { persona_save: () => { throw refuse('invalid', 'This e-mail address is taken.', 'Choose another.'); } });
  await expect.element(log()).toBeVisible();
  await press('{Control>}{Shift>}r{/Shift}{/Control}');
  await page.getByLabelText('First name').fill('Noor');
  await button('Add and use').click();
  await expect.element(page.getByRole('dialog').getByRole('alert')).toHaveTextContent('This e-mail address is taken.');
});

test('wire: rows with method, place, status and practice; the detail has masked headers and bodies', async () => {
  await open('#/chat', { chat: signingIn() });
  await inspector().getByRole('tab', { name: /Wire/ }).click();
  const rows = inspector().getByRole('list', { name: 'Requests' });
  expect(rows.getByRole('listitem').elements().map((one) => one.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'POST oauth2.googleapis.com/token practice 200 184 ms', 'GET api.example.test/now?q=Leiden 401 88 ms', 'GET slow.example.test/ –no answer 7000 ms', 'POST graph.facebook.com/v2.11/me/feed practice 200 184 ms',
  ]);
  await expect.element(inspector().getByRole('region', { name: 'Request' })).toHaveTextContent('Bearer ‹secret:facebook›');
  await expect.element(inspector().getByRole('region', { name: 'Response' })).toHaveTextContent('"id": "1_2"');
  await rows.getByRole('button', { name: /slow/ }).click();
  await expect.element(inspector()).toHaveTextContent('No answer within 7 s.');
  await userEvent.keyboard('{ArrowUp}{Enter}');
  await expect.element(rows.getByRole('button', { name: /api.example.test/ })).toHaveAttribute('aria-current', 'true');
});

test('wire: the newest request shows until one is chosen; nothing yet is said', async () => {
  const chat = startedChat();
  const host = await open('#/chat', {}, { chat_start: () => chat, chat_get: () => chat });
  await inspector().getByRole('tab', { name: /Wire/ }).click();
  await expect.element(inspector()).toHaveTextContent('No requests yet. Calls made with http_get and friends appear here.');
  chat.exchanges = [exchange(1, { truncated: true, practice: false })];
  host.send({ type: 'chatChanged', chat: 'chat-1' });
  await expect.element(inspector()).toHaveTextContent('This body was cut for display.');
  await inspector().getByRole('tab', { name: /Events/ }).click();
  await expect.element(inspector()).toHaveTextContent('No events yet.');
});

test('a script pasted outside of fields runs, with a banner and the way back', async () => {
  const host = await open('#/chat');
  await expect.element(log()).toBeVisible();
  const script = 'say "Your token is: " + get_access_token(bot.tokens.myapi_key)';
  pasteOn(document.body, script);
  await expect.poll(() => host.requests('chat_start').at(-1)?.script).toBe(script);
  await expect.element(page.getByText('Running a pasted script')).toBeVisible();
  await button('Back to the bot’s scripts').click();
  await expect.poll(() => host.requests('chat_start').at(-1)?.script).toBe(null);
  await expect.element(page.getByText('Running a pasted script')).not.toBeInTheDocument();
});

test('a script pasted as a message is offered to be run; other text stays text', async () => {
  const host = await open('#/chat');
  const field = page.getByRole('textbox', { name: 'Message' });
  await expect.element(field).toHaveFocus();
  pasteOn(document.body, 'hello there');
  pasteOn(field.element(), 'dialog main do\n  say "hi"\nend');
  await field.fill('dialog main do\n  say "hi"\nend');
  await button('Run script').click();
  await expect.poll(() => host.requests('chat_start').map(({ script }) => script)).toEqual([null, 'dialog main do\n  say "hi"\nend']);
  await expect.element(field).toHaveValue('');
});

test('a pasted script can be run from the menu as well, and outlives a change of persona', async () => {
  const host = await open('#/chat');
  await expect.element(log()).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Run a pasted script…' }).click();
  await page.getByLabelText('Script', { exact: true }).fill('say "hi"');
  await page.getByRole('dialog').getByRole('button', { name: 'Run script' }).click();
  await expect.poll(() => host.requests('chat_start').at(-1)?.script).toBe('say "hi"');
  await button('Persona: Victor Cooper').click();
  await page.getByRole('menuitem', { name: 'Ada Byron' }).click();
  await expect.poll(() => host.requests('chat_start').at(-1)).toEqual({ bot: 'bot-1', persona: 'ada', script: 'say "hi"' });
});

test('news that arrives while an answer is awaited is read after it', async () => {
  let go = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const host = await open('#/chat', {}, { chat_jump: async () => { await gate; return startedChat({ status: 'working' }); } });
  await button('Clock').click();
  await page.getByRole('menuitem', { name: '1 day' }).click();
  host.answers.chat_get = () => startedChat({ aheadSeconds: 86_400 });
  host.send({ type: 'chatChanged', chat: 'chat-1' });
  go();
  await expect.element(page.getByText('Ahead 1 day')).toBeVisible();
});

test.each<[string, boolean]>([
  ['dialog main do\n  say "x"\nend', true],
  ['buttons "You need to login to continue" do\n"Login" ->\nopen "x"\nend', true],
  ['token = get_access_token(bot.tokens.google)', true],
  ['http_post "https://example.org"', true],
  ['say oauth_link("google")', true],
  ['remember user', true],
  ['Please open the door\nand say hello', false],
  ['ask', false],
  ['{"type": "service_account"}', false],
  ['', false],
])('%j is a script: %s', (text, is) => {
  expect(looksLikeScript(text)).toBe(is);
});
