import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { item, startedChat, text } from '../dev/chat';
import { refuse } from '../src/host/fake';
import { button, open, press } from './stage';

const log = () => page.getByRole('log', { name: 'Conversation' });
const field = () => page.getByRole('textbox', { name: 'Message' });

test('what is said stands in a log, a secret only as its name', async () => {
  await open('#/chat');
  await expect.element(log()).toHaveTextContent('Your token is: ‹secret:myapi_key›');
  await expect.element(log()).toHaveTextContent('What should I call you?');
  await expect.element(page.getByRole('link', { name: 'main:5' }).first()).toHaveAttribute('href', '#/scripts/main.bubble:5:10');
});

test('a click reveals one part, another hides it, leaving the window hides it', async () => {
  const host = await open('#/chat');
  await log().getByRole('button', { name: 'Reveal secret myapi_key' }).click();
  expect(host.requests('chat_reveal')).toEqual([{ chat: 'chat-1', part: 1 }]);
  await expect.element(log()).toHaveTextContent('wk_live_8Qd2vXr71mZt0bNc');
  await log().getByRole('button', { name: 'Hide secret myapi_key' }).click();
  await expect.element(log()).not.toHaveTextContent('wk_live_');
  await log().getByRole('button', { name: 'Reveal secret myapi_key' }).click();
  await expect.element(log()).toHaveTextContent('wk_live_');
  window.dispatchEvent(new Event('blur'));
  await expect.element(log()).not.toHaveTextContent('wk_live_');
});

test('Enter sends, focus stays, Up brings the last message back', async () => {
  const host = await open('#/chat');
  await expect.element(field()).toHaveFocus();
  await userEvent.keyboard('Victor{Enter}');
  await expect.element(log()).toHaveTextContent('Hello Victor');
  expect(host.requests('chat_send')).toEqual([{ chat: 'chat-1', text: 'Victor' }]);
  await expect.element(field()).toHaveValue('');
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(field()).toHaveValue('Victor');
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(field()).toHaveValue('');
});

test('a message that is refused goes back to the field', async () => {
  await open('#/chat', {}, { chat_send: () => { throw refuse('internal', 'The chat broke.', 'Restart it.'); } });
  await field().fill('hello');
  await button('Send').click();
  await expect.element(page.getByRole('alert').getByText('The chat broke.')).toBeVisible();
  await expect.element(field()).toHaveValue('hello');
});

test('Ctrl+R restarts, and so does the button', async () => {
  const host = await open('#/chat');
  await expect.element(field()).toBeVisible();
  await press('{Control>}r{/Control}');
  await expect.poll(() => host.requests('chat_restart').length).toBe(1);
  await button('Restart').click();
  await expect.poll(() => host.requests('chat_restart').length).toBe(2);
});

test('an error has its place, stale scripts offer a restart', async () => {
  const place = { file: 'main.bubble', line: 7, column: 14 };
  const broken = {
    ...startedChat(), status: 'stopped' as const, at: place, stale: true,
    items: [item(1, 'error', [text('`nam` has no value.')], { place })],
  };
  await open('#/chat', {}, { chat_start: () => broken });
  await expect.element(log()).toHaveTextContent('Error: nam has no value.');
  await expect.element(page.getByRole('link', { name: 'main.bubble:7:14' })).toHaveAttribute('href', '#/scripts/main.bubble:7:14');
  await expect.element(page.getByText('Scripts changed since this conversation started.')).toBeVisible();
  await expect.element(page.getByText(/Restart to go on/)).toBeVisible();
});

test('the inspector shows variables, stack and log; Ctrl+I hides it', async () => {
  await open('#/chat');
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect.element(inspector).toHaveTextContent('token');
  await expect.element(inspector.getByRole('button', { name: 'Reveal secret myapi_key' })).toBeVisible();
  await inspector.getByRole('tab', { name: /Log/ }).click();
  await expect.element(inspector).toHaveTextContent('token read: ‹secret:myapi_key›');
  await press('{Control>}i{/Control}');
  await expect.element(inspector).not.toBeInTheDocument();
});

test('news of the chat is read again; the conversation outlives the screen', async () => {
  const host = await open('#/chat');
  await expect.element(log()).toBeVisible();
  host.answers.chat_get = () => ({ ...startedChat(), items: [item(50, 'bot', [text('Later')])] });
  host.send({ type: 'chatChanged', chat: 'chat-1' });
  await expect.element(log()).toHaveTextContent('Later');
  location.hash = '#/secrets';
  await expect.element(page.getByRole('heading', { name: 'Secrets', level: 1 })).toBeVisible();
  location.hash = '#/chat';
  await expect.element(log()).toHaveTextContent('Later');
  expect(host.requests('chat_start').length).toBe(1);
});
