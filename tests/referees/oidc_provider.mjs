// An authorisation server that shares no line with Patchbay: npm's oidc-provider, on a loopback port.
//
//   node oidc_provider.mjs [PORT [SECONDS]]     prints {"base": …} and serves until it is ended
//
// SECONDS is how long access tokens live; an hour if it is left out.
//
// Everybody who comes to its authorisation endpoint is "ada" and allows everything at once, so a browser, or anything that
// follows redirects and keeps cookies, ends up at the callback. Endpoints: /auth, /token, /token/revocation, /me.
// /referee/mint?client=… gives codes and tokens for the asking, /referee/counts says how many token requests there were by
// grant type; neither goes through the provider's own routes.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { Provider } from 'oidc-provider';

export const REDIRECT = 'http://127.0.0.1:47823/auth/oauth2/callback';
export const SECRET = 'a secret: with % and +';
// RFC 7636, appendix B.
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const SCOPE = 'openid offline_access one two';

const clients = [
  {
    client_id: 'confidential',
    client_secret: SECRET,
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: SCOPE,
    application_type: 'native',
  },
  {
    client_id: 'public',
    token_endpoint_auth_method: 'none',
    redirect_uris: [REDIRECT, 'http://127.0.0.1/auth/oauth2/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: SCOPE,
    application_type: 'native',
  },
];

const configuration = {
  clients,
  scopes: SCOPE.split(' '),
  claims: { openid: ['sub', 'name', 'email'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Ada Winter', email: 'ada@example.org' }),
  }),
  features: {
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: false },
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  // The address is compared, never filled in: that is what a careful server does, and what practice does.
  allowOmittingSingleRegisteredRedirectUri: false,
  rotateRefreshToken: true,
  cookies: { keys: ['nothing here is worth a key'] },
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    ClientCredentials: 3600,
    Grant: 86400,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 86400,
    Session: 86400,
  },
};

/** Starts the provider; `close` ends it. */
export async function start(port = 0, seconds = 3600) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  const ttl = { ...configuration.ttl, AccessToken: seconds, ClientCredentials: seconds };
  const provider = new Provider(base, { ...configuration, ttl });
  const counts = {};
  const count = (kind) => (ctx) => {
    const name = `${ctx.oidc?.params?.grant_type ?? 'none'} ${kind}`;
    counts[name] = (counts[name] ?? 0) + 1;
  };
  provider.on('grant.success', count('granted'));
  provider.on('grant.error', count('refused'));
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const url = new URL(request.url, base);
    const own = url.pathname.startsWith('/interaction/')
      ? allow(provider, request, response)
      : url.pathname === '/referee/mint'
        ? mint(provider, url.searchParams.get('client')).then((made) => response.end(JSON.stringify(made)))
        : url.pathname === '/referee/counts'
          ? response.end(JSON.stringify(counts))
          : callback(request, response);
    Promise.resolve(own).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  return { base, token: `${base}/token`, provider, mint: (client) => mint(provider, client), close: () => server.close() };
}

/** Signs "ada" in and allows what was asked for. */
async function allow(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
    return;
  }
  const grant =
    (grantId && (await provider.Grant.find(grantId))) ||
    new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? 'openid');
  const result = { consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/** A code, a code without a challenge, and a refresh token with its access token, each of a grant of its own. */
async function mint(provider, clientId) {
  const client = await provider.Client.find(clientId);
  const fresh = async () => {
    const grant = new provider.Grant({ accountId: 'ada', clientId });
    grant.addOIDCScope(SCOPE);
    return { accountId: 'ada', client, grantId: await grant.save(), gty: 'authorization_code', scope: SCOPE };
  };
  const code = async (challenge) =>
    new provider.AuthorizationCode({
      ...(await fresh()),
      redirectUri: REDIRECT,
      ...(challenge ? { codeChallenge: CHALLENGE, codeChallengeMethod: 'S256' } : {}),
    }).save();
  const family = await fresh();
  return {
    code: await code(true),
    bare_code: await code(false),
    refresh: await new provider.RefreshToken(family).save(),
    access: await new provider.AccessToken(family).save(),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { base } = await start(Number(process.argv[2] ?? 0), Number(process.argv[3] ?? 3600));
  console.log(JSON.stringify({ base, clients: clients.map((client) => client.client_id), secret: SECRET }));
}
