// Sends the requests of token_requests.json, more than 120 of them malformed and the rest valid if odd, to oidc-provider and
// to practice, and compares status and error code.
//
//   node token_requests.mjs BASE      BASE: where practice runs, such as http://127.0.0.1:47840
//
// Exits with 1 if an answer is not the recorded one. A request on which the two differ carries what practice answers, and why.

import { request as send } from 'node:http';
import { readFile } from 'node:fs/promises';
import { CHALLENGE, REDIRECT, SECRET, VERIFIER, start } from './oidc_provider.mjs';

const HOST = 'referee.example.org';
const base = process.argv[2];
if (!base) {
  console.error('Say where practice runs: node token_requests.mjs http://127.0.0.1:47840');
  process.exit(2);
}

const requests = JSON.parse(await readFile(new URL('token_requests.json', import.meta.url), 'utf8'));

/** One exchange without a library that tidies it up. */
function exchange(url, { method = 'POST', headers = {}, body = '' }) {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body, 'utf8');
    const head = { ...headers, ...(body === '' && method === 'GET' ? {} : { 'content-length': bytes.length }) };
    const going = send(url, { method, headers: head, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    going.on('error', reject);
    going.end(bytes);
  });
}

const form = (fields) => new URLSearchParams(fields).toString();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What practice hands out, fetched as a browser and a client fetch it. */
async function practised(client) {
  const code = async (challenge) => {
    const asked = {
      response_type: 'code',
      client_id: client,
      redirect_uri: REDIRECT,
      scope: 'openid offline_access one two',
      state: 's',
      ...(challenge ? { code_challenge: CHALLENGE, code_challenge_method: 'S256' } : {}),
    };
    const page = await exchange(`${base}/${HOST}/auth?${form(asked)}`, { method: 'GET' });
    const pending = /name="request" value="([^"]+)"/.exec(page.body)?.[1];
    if (!pending) throw new Error(`practice showed no consent page: ${page.status}`);
    const decided = form({ request: pending, person: '1001', decision: 'allow' });
    const back = await exchange(`${base}/practice/consent`, { headers: FORM, body: decided });
    return new URL(back.headers.location).searchParams.get('code');
  };
  const redeemed = form({
    grant_type: 'authorization_code',
    code: await code(true),
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    client_id: client,
    ...(client === 'confidential' ? { client_secret: SECRET } : {}),
  });
  const answer = JSON.parse((await exchange(`${base}/${HOST}/token`, { headers: FORM, body: redeemed })).body);
  return {
    code: await code(true),
    bare_code: await code(false),
    refresh: answer.refresh_token,
    access: answer.access_token,
  };
}

async function register(id, secret) {
  const body = JSON.stringify({ id, secret, redirect_uris: [REDIRECT] });
  const made = await exchange(`${base}/practice/clients`, { headers: { 'content-type': 'application/json' }, body });
  if (made.status !== 204) throw new Error(`practice did not take the client: ${made.status} ${made.body}`);
}

/** Puts this side's own values where the recorded request names them: `{code}`, `{public.refresh}`. */
function filled(recorded, values) {
  const encode = encodeURIComponent;
  const all = {
    ...values,
    capital_code: values.code.toUpperCase(),
    short_code: values.code.slice(0, -1),
    short_refresh: values.refresh.slice(0, -1),
    verifier: VERIFIER,
    redirect: encode(REDIRECT),
    secret: encode(SECRET),
    basic: Buffer.from(`confidential:${encode(SECRET)}`).toString('base64'),
    long: 'x'.repeat(60 * 1024),
  };
  const put = (text) => text.replace(/\{([a-z_.]+)\}/g, (whole, name) => all[name] ?? whole);
  const headers = Object.fromEntries(Object.entries(recorded.headers ?? {}).map(([name, value]) => [name, put(value)]));
  const before = (recorded.before ?? []).map((body) => put(body));
  return { method: recorded.method, query: put(recorded.query ?? ''), headers, body: put(recorded.body ?? ''), before };
}

async function ask(side, recorded) {
  const [confidential, open] = [await side.mint('confidential'), await side.mint('public')];
  const values = { ...confidential };
  for (const [name, value] of Object.entries(open)) values[`public.${name}`] = value;
  const request = filled(recorded, values);
  for (const body of request.before) await exchange(side.token, { headers: FORM, body });
  const answer = await exchange(`${side.token}${request.query}`, request);
  let error = null;
  try {
    error = JSON.parse(answer.body).error ?? null;
  } catch {
    // An answer without JSON has no error code.
  }
  return { status: answer.status, error };
}

await register('confidential', SECRET);
await register('public', null);
const provider = await start();
const sides = [provider, { token: `${base}/${HOST}/token`, mint: practised }];
const malformed = requests.filter((recorded) => recorded.expect.status >= 400).length;
let wrong = 0;
let differ = 0;
for (const recorded of requests) {
  const [theirs, ours] = [await ask(sides[0], recorded), await ask(sides[1], recorded)];
  const expected = [recorded.expect, recorded.practice ?? recorded.expect];
  if (recorded.practice) differ += 1;
  const same = (one, other) => one.status === other.status && one.error === (other.error ?? null);
  if (!same(theirs, expected[0]) || !same(ours, expected[1])) {
    wrong += 1;
    console.log(JSON.stringify({ name: recorded.name, expected, 'oidc-provider': theirs, practice: ours }));
  }
}
provider.close();
console.log(JSON.stringify({ requests: requests.length, malformed, agree: requests.length - differ, explained: differ, wrong }));
process.exit(wrong === 0 ? 0 : 1);
