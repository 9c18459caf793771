import { expect, test } from 'vitest';
import { ApiError, Api } from '../src/api/call';
import { fullPlace, hrefOf, parseRoute, placeName, type Route } from '../src/app/routes';
import { fromNow, lately, lengthOf, moment, shiftOf, stopwatch } from '../src/app/times';
import { expiryOf } from '../src/features/integrations/expiry';
import { colourLines } from '../src/components/colours';
import { group } from '../src/features/chat/groups';
import { FakeHost, refuse } from '../src/host/fake';
import { httpHost, readLines } from '../src/host/http';
import { startedChat } from '../dev/chat';

test.each<Route>([
  { screen: 'chat' },
  { screen: 'preferences' },
  { screen: 'scripts' },
  { screen: 'scripts', file: 'skills/a b/main.bubble' },
  { screen: 'scripts', file: 'odd:name#1.bubble', line: 12, column: 3 },
  { screen: 'integrations', key: 'google@integrations.yaml~2' },
  { screen: 'integrations' },
  { screen: 'secrets', alias: 'my/key', set: true },
])('an address says %j and nothing else', (route) => {
  expect(parseRoute(hrefOf(route))).toEqual(route);
});

test('places are named file:line, scripts without their ending', () => {
  expect(placeName({ file: 'skills/a/main.bubble', line: 3 })).toBe('skills/a/main:3');
  expect(placeName({ file: 'integrations.yaml', line: 3 })).toBe('integrations.yaml:3');
  expect(fullPlace({ file: 'main.bubble', line: 3, column: 7 })).toBe('main.bubble:3:7');
});

test('times near are in words', () => {
  const now = new Date(2025, 10, 21, 14, 0);
  expect(lately(new Date(2025, 10, 21, 13, 40).toISOString(), now)).toBe('Today, 13:40');
  expect(lately(new Date(2025, 10, 20, 23, 59).toISOString(), now)).toBe('Yesterday');
  expect(lately(new Date(2025, 8, 3).toISOString(), now)).toBe('3 Sep');
  expect(lately(new Date(2024, 8, 3).toISOString(), now)).toBe('3 Sep 2024');
});

test('times to come and gone by are said absolute and relative', () => {
  const now = new Date(2025, 10, 21, 14, 2).getTime();
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  expect([fromNow(at(59), now), fromNow(at(-3), now), fromNow(at(0), now)]).toEqual(['in 59 min', '3 min ago', 'now']);
  expect([lengthOf(45_000), lengthOf(7_200_000), lengthOf(3 * 86_400_000)]).toEqual(['45 s', '2 h', '3 days']);
  expect([moment(at(59), now), moment(at(60 * 24), now)]).toEqual(['15:01', '22 Nov 2025, 14:02']);
  expect([stopwatch(23), stopwatch(245)]).toEqual(['0:23', '4:05']);
  expect([shiftOf(7200), shiftOf(93_600), shiftOf(2 * 86_400 + 60), shiftOf(30)]).toEqual(['2 h', '1 day 2 h', '2 days 1 min', '30 s']);
  expect(expiryOf({ expiresAt: at(59), renews: false }, now)).toEqual({ text: 'Stops at 15:01, in 59 min', tone: 'warn' });
  expect(expiryOf({ expiresAt: at(59), renews: true }, now).text).toBe('Renews itself. This token lasts until 15:01, in 59 min');
  expect(expiryOf({ expiresAt: at(-2), renews: false }, now).tone).toBe('err');
  expect(expiryOf({ expiresAt: null, renews: false }, now).text).toContain('Unknown');
});

test('colours cut a text into lines and lose no character', () => {
  const text = 'a: "x\r\ny" # z\n';
  const lines = colourLines(text, [{ from: 3, to: 9, kind: 'string' }, { from: 0, to: 1, kind: 'key' }]);
  expect(lines.map((line) => line.map((piece) => piece.text).join(''))).toEqual(['a: "x', 'y" # z']);
  expect(lines[1]?.[0]).toEqual({ text: 'y"', kind: 'string' });
});

test('messages of one speaker run together, notes stand alone', () => {
  expect(group(startedChat().items).map((run) => run.length)).toEqual([1, 2]);
});

test('a refusal becomes a typed error; a host that breaks becomes one as well', async () => {
  const host = new FakeHost({ vault_get: () => { throw refuse('vaultLocked', 'Locked.', 'Unlock it.'); } });
  const api = new Api(host);
  await expect(api.call('vault_get', {})).rejects.toMatchObject({ code: 'vaultLocked', message: 'Locked.', hint: 'Unlock it.' });
  host.call = () => Promise.reject(new TypeError('gone'));
  const broken = await api.call('vault_get', {}).catch((error: unknown) => error);
  expect(broken).toBeInstanceOf(ApiError);
  expect(broken).toMatchObject({ code: 'internal' });
});

test('the stream of events is cut into lines, wherever its pieces end', async () => {
  const bytes = new TextEncoder().encode('{"type":"vaultChanged"}\n\n{"type":"x","s":"é"}\n');
  const seen: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  await readLines(body, (event) => seen.push(event));
  expect(seen).toEqual([{ type: 'vaultChanged' }, { type: 'x', s: 'é' }]);
});

test('the loopback host sends the token and hands refusals on', async () => {
  const calls: [string, RequestInit][] = [];
  const real = window.fetch;
  window.fetch = ((url: string, init: RequestInit) => {
    calls.push([url, init]);
    return Promise.resolve(new Response(JSON.stringify(refuse('invalid', 'No.')), { status: 422 }));
  }) as typeof fetch;
  try {
    await expect(httpHost('t0ken', 'http://host').call('vault_get', {})).rejects.toMatchObject({ code: 'invalid' });
    expect(calls[0]?.[0]).toBe('http://host/rpc/vault_get');
    expect(calls[0]?.[1].headers).toMatchObject({ 'x-patchbay-token': 't0ken' });
  } finally {
    window.fetch = real;
  }
});
