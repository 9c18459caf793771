import type { IntegrationView } from '../../api/bindings';
import { words } from './words';

export type Fact = { key: string; value: string; mono: boolean };

/** Every key that an entry can have, in the order of the manifest's own documentation. Empty ones are said to be so. */
export function factsOf(entry: IntegrationView): Fact[] {
  const fact = (key: string, value: string, mono = true): Fact => ({ key, value, mono });
  const facts = [
    fact('provider', entry.provider),
    fact('alias', entry.alias),
    fact('context', entry.context ?? ''),
    fact('scope', entry.scope),
    fact('title', entry.title === entry.providerTitle ? '' : entry.title, false),
    fact('description', entry.description, false),
    fact('icon', entry.icon),
  ];
  const own = entry.oauth2;
  if (own) {
    facts.push(
      fact('oauth2.flow', own.flow),
      fact('oauth2.client_id', own.clientId),
      fact('oauth2.client_secret', own.hasClientSecret ? words.inManifest : '', false),
      fact('oauth2.authorize_url', own.authorizeUrl),
      fact('oauth2.token_url', own.tokenUrl),
    );
  }
  return facts;
}
