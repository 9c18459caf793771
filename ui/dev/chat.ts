import type { ButtonView, ChatItem, ChatView, ExchangeView, Part } from '../src/api/bindings';

export const at = (minute: number) => new Date(2025, 10, 21, 9, minute).toISOString();
export const text = (words: string): Part => ({ type: 'text', text: words });
export const secret = (part: number): Part => ({ type: 'secret', alias: 'myapi_key', part });

export const item = (id: number, from: ChatItem['from'], parts: Part[], given: Partial<ChatItem> = {}): ChatItem => ({
  id, at: at(0), from, text: parts, buttons: [], quickReplies: [], place: null, ...given,
});
export const button = (label: string, given: Partial<ButtonView> = {}): ButtonView => ({ label: [text(label)], kind: 'link', alias: null, pressed: false, ...given });

export function startedChat(given: Partial<ChatView> = {}): ChatView {
  const file = 'main.bubble';
  return {
    chat: 'chat-1', persona: 'victor', pasted: false, events: [], exchanges: [], pause: null, aheadSeconds: 0, status: 'waiting', at: { file, line: 5, column: 10 }, stale: false,
    items: [
      item(1, 'note', [text('Conversation started in')], { place: { file, line: 2, column: 1 } }),
      item(2, 'bot', [text('Your token is: '), secret(1)], { place: { file, line: 4, column: 3 } }),
      item(3, 'bot', [text('What should I call you?')], { place: { file, line: 5, column: 10 } }),
    ],
    log: [{ id: 1, at: at(0), text: [text('token read: '), secret(2)], alias: null, place: { file, line: 3, column: 11 }, hint: false }],
    variables: [
      { name: 'token', scope: 'local', value: [secret(3)] },
      { name: 'bot.tokens', scope: 'builtIn', value: [text('myapi_key, weather_key, helpdesk_api_key, maps_key')] },
      { name: 'user', scope: 'global', value: [text('{}')] },
    ],
    stack: [{ dialog: 'main', place: { file, line: 5, column: 10 } }],
    ...given,
  };
}

export const exchange = (id: number, given: Partial<ExchangeView> = {}): ExchangeView => ({
  id, at: at(2), what: 'http_post', place: { file: 'login.bubble', line: 24, column: 3 }, method: 'POST', url: 'https://graph.facebook.com/v2.11/me/feed', host: 'graph.facebook.com', status: 200, milliseconds: 184,
  practice: true, aliases: ['facebook'], requestHeaders: [{ name: 'authorization', value: 'Bearer ‹secret:facebook›' }, { name: 'content-type', value: 'application/x-www-form-urlencoded' }],
  requestBody: 'message=Hello&access_token=‹secret:facebook›', responseHeaders: [{ name: 'content-type', value: 'application/json' }], responseBody: '{"id":"1_2","ok":true}', error: '', truncated: false, ...given,
});

/** A conversation in the middle of signing in. */
export const signingIn = (given: Partial<ChatView> = {}): ChatView =>
  startedChat({
    status: 'idle', at: null, stack: [], aheadSeconds: 7200,
    items: [
      item(1, 'note', [text('Conversation started in')], { place: { file: 'login.bubble', line: 2, column: 1 } }),
      item(2, 'bot', [text('You need to login to continue')], {
        buttons: [button('Login with Google', { kind: 'signIn', alias: 'google', pressed: true }), button('Login with Facebook', { kind: 'signIn', alias: 'facebook' }), button('Read the terms')],
      }),
      item(3, 'bot', [text('Thank you for logging in.')]),
      item(4, 'bot', [text('Or use this link: '), { type: 'link', url: 'patchbay://login/facebook' }, text(' or read '), { type: 'link', url: 'https://example.org/terms' }]),
      item(5, 'user', [text('Make it 15:00, and remind me')]),
      item(6, 'bot', [text('How should I remind you?')], { quickReplies: ['Text message', 'E-mail', 'No reminder'] }),
    ],
    log: [
      { id: 1, at: at(1), text: [text('get_access_token gave nil: `facebook` is not connected for Victor.')], alias: 'facebook', place: { file: 'login.bubble', line: 21, column: 3 }, hint: true },
      { id: 2, at: at(1), text: [text('posting')], alias: null, place: { file: 'login.bubble', line: 23, column: 3 }, hint: false },
    ],
    events: [
      { id: 1, at: at(1), name: 'token:google', payload: [text('tok_7Qm2vXr81kPz')], source: 'sign-in', handledBy: { file: 'login.bubble', line: 11, column: 1 } },
      { id: 2, at: at(2), name: 'order_shipped', payload: [text('{"order": 12}')], source: 'you', handledBy: null },
    ],
    exchanges: [
      exchange(1, { what: 'refresh of google', method: 'POST', url: 'https://oauth2.googleapis.com/token', host: 'oauth2.googleapis.com', place: null, aliases: ['google'], requestBody: 'grant_type=refresh_token&refresh_token=‹secret:google›' }),
      exchange(2, { what: 'http_get', method: 'GET', url: 'https://api.example.test/now?q=Leiden', status: 401, milliseconds: 88, practice: false, aliases: ['weather_key'], requestBody: '', responseBody: 'no' }),
      exchange(3, { what: 'http_get', method: 'GET', url: 'https://slow.example.test/', status: null, milliseconds: 7000, practice: false, aliases: [], requestBody: '', error: 'No answer within 7 s.' }),
      exchange(4),
    ],
    ...given,
  });
