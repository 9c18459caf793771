import type { AttemptView, ConnectionView, CredentialsView, IntegrationView, PersonaView, PracticeView, Preflight } from '../src/api/bindings';
import { type Answers, refuse } from '../src/host/fake';

const minutes = (n: number) => new Date(Date.now() + n * 60_000).toISOString();
const local = 'http://127.0.0.1:47823/auth/oauth2/callback';
const hosted = 'https://studio.dialox.ai/auth/oauth2/callback';

export function connectionOf(given: Partial<ConnectionView> = {}): ConnectionView {
  return {
    tokenId: 'tok_7Qm2vXr81kPz', practice: false, account: 'ada@example.org', scopesAsked: [], scopesGranted: null, expiresAt: minutes(59), renews: true,
    connectedAt: minutes(-60 * 26), lastUsedAt: minutes(-12), lastResult: { ok: true, message: 'Google issued an access token.', at: minutes(-12) }, hosts: [], changedOrigins: [], ...given,
  };
}

const hostOf = (url: string) => url.replace(/^https?:\/\//, '');
export const authorizeOf = (entry: IntegrationView) => hostOf(entry.oauth2?.authorizeUrl ?? `https://accounts.${entry.provider}.example/authorize`);
export const tokenOf = (entry: IntegrationView) => (entry.kind === 'serviceAccount' ? 'oauth2.googleapis.com/token' : hostOf(entry.oauth2?.tokenUrl ?? `https://oauth2.${entry.provider}.example/token`));
const scopesOf = (entry: IntegrationView) => entry.scope.split(/[ ,]+/).filter((scope) => scope !== '');

const scopeWords: Record<string, string> = { identify: 'Read your name and picture', openid: 'Know who you are', profile: 'Read your name and picture', email: 'Read your e-mail address', 'Calendars.ReadWrite': 'Read and change your calendars' };

export function preflightOf(entry: IntegrationView): Preflight {
  const key = entry.kind === 'serviceAccount';
  const clientId = entry.oauth2?.clientId ?? (entry.provider === 'linkedin' ? '' : '482913.apps.example.org');
  return {
    practice: entry.practice, flow: key ? 'serviceAccount' : 'authCode', clientId: key ? '' : clientId, secretFrom: entry.oauth2?.hasClientSecret ? 'manifest' : entry.provider === 'linkedin' ? 'none' : 'preferences', needsSecret: !key,
    callbacks: key ? [] : [{ label: 'On this computer', url: local }, { label: 'When published', url: hosted }],
    way: 'loopback', ways: key ? [] : ['deepLink', 'loopback', 'paste'], authorizeAt: key ? '' : authorizeOf(entry), tokenAt: tokenOf(entry),
    scopes: scopesOf(entry).map((scope) => ({ scope, words: scopeWords[scope] ?? '' })), registerUrl: key ? '' : `https://developers.${entry.provider}.example/apps`, registerHelp: key ? '' : 'Make an app there and add every callback URL to it.',
    hosts: [authorizeOf(entry).split('/')[0] ?? ''],
    problems: clientId === '' && !key ? [{ message: 'No client ID for LinkedIn.', hint: 'Enter the one that you registered under App credentials in Preferences.' }] : [],
    hints: entry.provider === 'linkedin' ? [{ message: 'The scope `r_liteprofile` is retired.', hint: 'Use `openid profile` in its place.' }] : [],
  };
}

let count = 0;
export function attemptOf(entry: IntegrationView, persona: string | null, given: Partial<AttemptView> = {}): AttemptView {
  return {
    attempt: `attempt-${++count}`, bot: 'bot-1', alias: entry.alias, persona, title: entry.title, practice: entry.practice, state: 'waiting', opened: true,
    authorizeAt: authorizeOf(entry), tokenAt: tokenOf(entry), link: `https://${authorizeOf(entry)}?client_id=1180423957716004864&state=9tVYk3hQ0mZr6sJw`, scopes: scopesOf(entry), way: 'loopback',
    callbacks: [{ label: 'On this computer', url: local }, { label: 'When published', url: hosted }],
    details: [
      { name: 'Flow', value: 'auth_code, PKCE S256', note: '' }, { name: 'Challenge', value: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', note: '' },
      { name: 'State', value: '9tVYk3hQ0mZr6sJw', note: 'checked when the browser returns' }, { name: 'Listener', value: '127.0.0.1:47823', note: 'open for this sign-in only' },
    ],
    startedAt: minutes(0), endsAt: minutes(5), endedAt: null, message: '', hint: '', ...given,
  };
}

export const personas: PersonaView[] = [
  { persona: 'victor', name: 'Victor Cooper', firstName: 'Victor', lastName: 'Cooper', email: 'victor@example.org', connected: ['google'], remembered: true },
  { persona: 'ada', name: 'Ada Byron', firstName: 'Ada', lastName: 'Byron', email: 'ada@example.org', connected: [], remembered: false },
];

const credential = (provider: string, title: string, given: Partial<CredentialsView> = {}): CredentialsView => ({
  provider, title, clientId: '', hasSecret: false, settings: [], registerUrl: `https://developers.${provider}.example/apps`, registerHelp: 'Make an app there and add every callback URL to it.',
  callbacks: [{ label: 'On this computer', url: local }, { label: 'When published', url: hosted }], ...given,
});
export const practiceView: PracticeView = {
  running: true, base: 'http://127.0.0.1:47840', people: ['Ada Byron', 'Victor Cooper', 'Noor Haddad'],
  faults: [
    { name: 'deny', label: 'Access is declined in the browser', on: false }, { name: 'revoked', label: 'Refresh tokens are revoked', on: false },
    { name: 'too-many-requests', label: 'Answers 429, too many requests', on: true }, { name: 'slow', label: 'Answers slowly', on: false }, { name: 'no-refresh-token', label: 'Gives no refresh token', on: false },
  ],
};

/** The part of the answers that is about signing in. `entries` and `change` are the manifest's entries as they stand now. */
export function connectAnswers(entries: () => IntegrationView[], change: (alias: string, part: Partial<IntegrationView>) => void): Answers {
  const attempts = new Map<string, AttemptView>();
  let people = [...personas];
  let practice = practiceView;
  let credentials = [
    credential('google', 'Google', { clientId: '482913.apps.example.org', hasSecret: true }), credential('microsoft', 'Microsoft'), credential('linkedin', 'LinkedIn'),
    credential('salesforce', 'Salesforce', { settings: [{ name: 'domain', label: 'Login domain', help: 'For example login.salesforce.com or your own domain.', value: '', required: true }] }),
  ];
  const entryOf = (alias: string) => {
    const entry = entries().find((one) => one.alias === alias);
    if (!entry) throw refuse('notFound', `No integration has the alias ${alias}.`);
    return entry;
  };
  const put = (view: AttemptView) => (attempts.set(view.attempt, view), view);
  const get = (id: string) => {
    const found = attempts.get(id);
    if (!found) throw refuse('notFound', 'This sign-in is not known any more.', 'Start again.');
    return found;
  };
  for (const entry of entries()) if (entry.attempt) put(attemptOf(entry, null, { attempt: entry.attempt }));

  return {
    connect_preflight: ({ alias }) => preflightOf(entryOf(alias)),
    connect_start: ({ alias, persona, way }) => {
      const view = put(attemptOf(entryOf(alias), persona, way === null ? {} : { way }));
      change(alias, { state: 'connecting', attempt: view.attempt, note: 'Waiting for you' });
      return view;
    },
    connect_get: ({ attempt }) => get(attempt),
    connect_open_again: ({ attempt }) => put({ ...get(attempt), opened: true }),
    connect_cancel: ({ attempt }) => {
      const view = put({ ...get(attempt), state: 'cancelled', endedAt: minutes(0), message: 'The sign-in was cancelled.', hint: 'Try again when you are ready.' });
      change(view.alias, { state: view.persona === null ? 'notConnected' : 'askedInChat', note: '' });
      return view;
    },
    connect_paste: ({ attempt, address }) => {
      const view = get(attempt);
      if (!address.includes('state=9tVYk3hQ0mZr6sJw')) throw refuse('invalid', 'This callback belongs to another sign-in.', 'Start again from here.');
      change(view.alias, { state: 'connected', note: '', connection: connectionOf({ scopesAsked: view.scopes, scopesGranted: view.scopes }) });
      return put({ ...view, state: 'connected', endedAt: minutes(0) });
    },
    connection_test: ({ alias }) => ({ ok: true, message: `${entryOf(alias).title} answered.`, hint: '', at: minutes(0), milliseconds: 412 }),
    connection_remove: ({ alias }) => {
      change(alias, { state: entryOf(alias).context === 'user' ? 'askedInChat' : 'notConnected', connection: null, attempt: null });
      return { message: '', hint: '' };
    },
    connection_confirm_origins: ({ alias }) => {
      const { connection } = entryOf(alias);
      change(alias, { state: 'connected', note: '', connection: connection ? { ...connection, changedOrigins: [] } : null });
      return {};
    },
    approval_remove: ({ alias, host }) => {
      const { connection } = entryOf(alias);
      if (connection) change(alias, { connection: { ...connection, hosts: connection.hosts.filter((one) => one.host !== host) } });
      return {};
    },
    practice_choose: ({ alias, practice: on }) => (change(alias, { practice: on }), {}),
    key_file_set: ({ alias, source }) => {
      if (source.type === 'pick') return { account: null };
      if (source.type === 'text' && source.text.includes('"installed"')) {
        throw refuse('invalid', 'This is an OAuth client file, not a service account key.', 'Create a key under Service accounts and paste that.');
      }
      if (source.type === 'text' && !source.text.includes('private_key')) throw refuse('invalid', 'The field `private_key` is missing.', 'Download the key file again and paste the whole of it.');
      const account = source.type === 'practice' ? 'practice@practice.example' : 'reader@honcho.example';
      change(alias, { state: 'connected', connection: connectionOf({ account, renews: true }) });
      return { account };
    },
    client_secret_set: () => ({}),
    credentials_check: () => ({ verdict: 'right', message: 'Client ID and secret are right.', hint: '' }),
    credentials_list: () => credentials,
    credentials_set: ({ provider, clientId, clientSecret, settings }) => {
      credentials = credentials.map((one) =>
        one.provider === provider ? { ...one, clientId, hasSecret: one.hasSecret || clientSecret !== null, settings: one.settings.map((field) => ({ ...field, value: settings.find(({ name }) => name === field.name)?.value ?? '' })) } : one,
      );
      return {};
    },
    credentials_remove: ({ provider }) => ((credentials = credentials.map((one) => (one.provider === provider ? { ...one, clientId: '', hasSecret: false } : one))), {}),
    practice_get: () => practice,
    practice_fault: ({ name, on }) => (practice = { ...practice, faults: practice.faults.map((one) => (one.name === name ? { ...one, on } : one)) }),
    personas_list: () => people,
    persona_save: ({ persona, firstName, lastName, email }) => {
      const id = persona ?? `persona-${people.length + 1}`;
      const saved: PersonaView = { persona: id, name: `${firstName} ${lastName}`.trim(), firstName, lastName, email, connected: [], remembered: false };
      people = people.some((one) => one.persona === id) ? people.map((one) => (one.persona === id ? { ...one, ...saved, connected: one.connected } : one)) : [...people, saved];
      return saved;
    },
    persona_remove: ({ persona }) => ((people = people.filter((one) => one.persona !== persona)), {}),
    persona_use: () => ({}),
  };
}
