import type { Part } from '../../api/bindings';
import { words } from './words';

/** The text of some parts where nothing can be clicked; a secret stands as its name. */
export const plain = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : part.type === 'link' ? part.url : words.secret(part.alias))).join('');

/** The alias that a link of `oauth_link` signs in to. */
export function aliasOf(url: string): string | undefined {
  const alias = url.match(/^patchbay:\/\/login\/([^/?#]+)/)?.[1];
  try {
    return alias === undefined ? undefined : decodeURIComponent(alias);
  } catch {
    return alias;
  }
}
