import type { BotView, FileView, IntegrationKind, IntegrationView, JackState, OAuth2View, Place, Problem, RecentBot, SecretRow } from '../src/api/bindings';
import { colour } from './colour';
import { connectionOf } from './connect';
import { texts } from './texts';

const place = (file: string, line: number, column = 3): Place => ({ file, line, column });

/** The lines of the entry with this alias (or provider, when it gives no alias). */
function linesOf(file: string, name: string): { line: number; endLine: number; source: string } {
  const lines = (texts[file] ?? '').split('\n');
  const starts = lines.flatMap((line, at) => (line.startsWith('- ') ? [at] : []));
  const at = starts.findIndex((start, n) => new RegExp(`(alias|provider): ${name}$`, 'm').test(lines.slice(start, starts[n + 1]).join('\n')));
  const start = starts[at] ?? 0;
  const body = lines.slice(start, starts[at + 1]);
  while (body.at(-1) === '') body.pop();
  return { line: start + 1, endLine: start + body.length, source: body.join('\n').replace('"yyy"', '••••••') };
}

type Given = Partial<IntegrationView> & { alias: string; provider: string; kind: IntegrationKind; state: JackState };
function entry(given: Given): IntegrationView {
  const file = given.file ?? 'integrations.yaml';
  const lines = linesOf(file, given.alias);
  const providerTitle = given.providerTitle ?? given.title ?? given.provider;
  return {
    title: providerTitle, context: 'bot', description: '', scope: '', icon: '', oauth2: null, skill: null, note: '', usedBy: [], practice: false, connection: null, attempt: null,
    ...given, providerTitle, file, ...lines, tokens: colour(file, lines.source),
  };
}

const discord: OAuth2View = {
  flow: 'auth_code', clientId: '1180423957716004864', hasClientSecret: true,
  authorizeUrl: 'https://discord.com/oauth2/authorize', tokenUrl: 'https://discord.com/api/oauth2/token',
};

export const integrations: IntegrationView[] = [
  entry({ alias: 'google', provider: 'google', title: 'Google', kind: 'oauth', state: 'askedConnected', context: 'user', scope: 'openid profile email', description: 'Sign in to greet by name', connection: connectionOf({ practice: true, scopesAsked: ['openid', 'profile', 'email'], scopesGranted: ['openid', 'profile'], expiresAt: new Date(Date.now() + 3_500_000).toISOString() }), practice: true, usedBy: [place('login.bubble', 5)] }),
  entry({ alias: 'facebook', provider: 'facebook', title: 'Facebook', kind: 'oauth', state: 'askedInChat', context: 'user', usedBy: [place('login.bubble', 7)] }),
  entry({ alias: 'linkedin', provider: 'linkedin', title: 'LinkedIn', kind: 'oauth', state: 'needsAttention', context: 'user', note: 'Client ID missing', scope: 'r_liteprofile,r_emailaddress', description: 'Retrieve contact information' }),
  entry({ alias: 'twilio', provider: 'twilio', title: 'Twilio', kind: 'static', state: 'connected', description: 'Allow bot to send SMS notifications' }),
  entry({ alias: 'bigquery', provider: 'google_service_account', title: 'Google service account', kind: 'serviceAccount', state: 'connected', description: 'Integrate with Google BigQuery API', scope: 'https://www.googleapis.com/auth/bigquery', connection: connectionOf({ account: 'bigquery-reader@honcho-analytics.iam.gserviceaccount.com', scopesAsked: ['https://www.googleapis.com/auth/bigquery'], scopesGranted: ['https://www.googleapis.com/auth/bigquery'], hosts: [{ host: 'bigquery.googleapis.com', approved: false }, { host: 'reports.honcho.example', approved: true }] }), usedBy: [place('weather.bubble', 2), place('main.bubble', 8)] }),
  entry({ alias: 'discord1', provider: 'oauth2', title: 'Discord', providerTitle: 'OAuth2', icon: 'lightning', kind: 'oauth', state: 'notConnected', description: 'An example integration', scope: 'identify', oauth2: discord }),
  entry({ alias: 'mailgun', provider: 'mailgun', title: 'Mailgun', kind: 'static', state: 'failed', note: 'API key refused (401)' }),
  entry({ alias: 'dialogflow', provider: 'dialogflow', title: 'Dialogflow', kind: 'serviceAccount', state: 'notConnected' }),
  entry({ alias: 'outlook', provider: 'microsoft', title: 'Microsoft', kind: 'oauth', state: 'connecting', note: 'Waiting for the browser', attempt: 'attempt-outlook', scope: 'Calendars.ReadWrite' }),
  entry({ alias: 'myapi_key', provider: 'secret', title: 'Secret', kind: 'secret', state: 'connected', description: 'API key for myapi.com', usedBy: [place('main.bubble', 3, 28)] }),
  entry({ alias: 'weather_key', provider: 'secret', title: 'Secret', kind: 'secret', state: 'connected', description: 'Weather lookups for room planning', usedBy: [place('weather.bubble', 2, 26)] }),
  entry({ alias: 'helpdesk_api_key', provider: 'secret', title: 'Secret', kind: 'secret', state: 'needsAttention', note: 'No value', description: 'Creates tickets in the help desk', usedBy: [place('login.bubble', 22)] }),
  entry({ alias: 'maps_key', provider: 'secret', title: 'Secret', kind: 'secret', state: 'connected', description: 'Static maps in location cards' }),
  entry({ alias: 'booking', provider: 'calendar', title: 'Booking', providerTitle: 'Calendar', kind: 'calendar', state: 'connected', file: 'skills/booking/integrations.yaml', skill: 'booking' }),
  entry({ alias: 'dialog', provider: '360dialog', title: '360dialog', kind: 'static', state: 'connected', file: 'skills/whatsapp/integrations.yaml', skill: 'whatsapp' }),
];

/** A problem at the first occurrence of `what`. */
function problem(file: string, what: string, severity: Problem['severity'], code: string, message: string, hint = ''): Problem {
  const text = texts[file] ?? '';
  const from = text.indexOf(what);
  const before = text.slice(0, from).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  return { file, line, column, endLine: line, endColumn: column + what.length, range: { from, to: from + what.length }, severity, code, message, hint };
}

export const problems: Problem[] = [
  problem('integrations.yaml', 'contxt', 'error', 'unknown-key', 'Unknown key `contxt`.', 'Did you mean `context`?'),
  problem('integrations.yaml', '"yyy"', 'warning', 'readable-secret', 'The client secret is readable in the manifest.', 'Keep it in the vault instead.'),
  problem('login.bubble', 'myapi_keys', 'error', 'unknown-alias', 'No integration has the alias `myapi_keys`.', 'Did you mean `myapi_key`?'),
  problem('login.bubble', 'say "Your token is: "', 'warning', 'shows-secret', 'This shows a secret in the chat.', 'It stays masked until somebody reveals it.'),
];

const kindOf = (file: string): FileView['kind'] => (file.endsWith('.bubble') ? 'script' : file.endsWith('integrations.yaml') ? 'manifest' : 'data');
const files: FileView[] = Object.keys(texts).map((file) => ({
  file, kind: kindOf(file), skill: file.match(/^skills\/([^/]+)\//)?.[1] ?? null, problems: problems.filter((one) => one.file === file).length,
}));

export const bot: BotView = {
  bot: 'bot-1', title: 'Honcho Desk', path: '~/bots/honcho-desk', readOnly: false, missing: false, identity: null,
  files, integrations, problems, secretsTotal: 4, secretsMissing: 1,
};

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const recentBot = (folder: string, title: string, path: string, hours: number, jacks: JackState[], exists = true): RecentBot => ({ folder, title, path, exists, lastOpened: hoursAgo(hours), jacks });
export const recent: RecentBot[] = [
  recentBot('f1', 'Honcho Desk', '~/bots/honcho-desk', 0.2, ['connected', 'notConnected', 'connected', 'failed', 'notConnected', 'needsAttention', 'connected', 'connected']),
  recentBot('f2', 'Tally', '~/bots/tally', 26, ['connected', 'connected']),
  recentBot('f3', 'Museum guide', '~/clients/museum/guide-bot', 80, ['connected', 'connected', 'needsAttention', 'notConnected', 'notConnected']),
  recentBot('f4', 'Pizza counter', '~/bots/training/pizza', 1200, ['notConnected', 'notConnected']),
  recentBot('f5', 'Old concierge', '~/archive/concierge', 9000, [], false),
];

export const secrets: SecretRow[] = integrations
  .filter((one) => one.kind === 'secret')
  .map((one, at) => ({
    alias: one.alias, description: one.description, file: one.file, line: one.line, skill: one.skill, set: one.state === 'connected',
    changedAt: one.state === 'connected' ? hoursAgo(24 * (3 + at * 17)) : null, lastUsedAt: null, usedBy: one.usedBy,
  }));
