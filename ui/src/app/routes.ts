import type { IntegrationView, Place } from '../api/bindings';

/** Where the window is. It stands in the address, so that rows and places are real links and Back works. */
export type Route =
  | { screen: 'chat' }
  | { screen: 'scripts'; file?: string; line?: number; column?: number }
  | { screen: 'integrations'; key?: string }
  | { screen: 'secrets'; alias?: string; set?: boolean }
  | { screen: 'preferences' };

export type Screen = Route['screen'];
export const screens: readonly Screen[] = ['chat', 'scripts', 'integrations', 'secrets', 'preferences'];

export function hrefOf(route: Route): string {
  const part = encodeURIComponent;
  switch (route.screen) {
    case 'scripts': {
      const at = route.line === undefined ? '' : `:${route.line}:${route.column ?? 1}`;
      return `#/scripts${route.file === undefined ? '' : `/${part(route.file)}${at}`}`;
    }
    case 'integrations':
      return `#/integrations${route.key === undefined ? '' : `/${part(route.key)}`}`;
    case 'secrets':
      return `#/secrets${route.alias === undefined ? '' : `/${part(route.alias)}${route.set ? '/set' : ''}`}`;
    default:
      return `#/${route.screen}`;
  }
}

export function parseRoute(hash: string): Route {
  const [screen = '', what, more] = hash.replace(/^#\/?/, '').split('/');
  const value = what === undefined ? undefined : decodeURIComponent(what);
  switch (screen) {
    case 'chat':
    case 'preferences':
      return { screen };
    case 'scripts': {
      const place = what?.match(/^(.*?)(?::(\d+):(\d+))?$/);
      if (!place?.[1]) return { screen };
      const file = decodeURIComponent(place[1]);
      return place[2] ? { screen, file, line: Number(place[2]), column: Number(place[3]) } : { screen, file };
    }
    case 'secrets':
      return value === undefined ? { screen } : { screen, alias: value, set: more === 'set' };
    default:
      return value === undefined ? { screen: 'integrations' } : { screen: 'integrations', key: value };
  }
}

export const hrefOfPlace = (place: Place) => hrefOf({ screen: 'scripts', ...place });

/** A short name of a place: scripts go without their ending. */
export const placeName = (place: { file: string; line: number }) => `${place.file.replace(/\.bubble$/, '')}:${place.line}`;
export const fullPlace = (place: Place) => `${place.file}:${place.line}:${place.column}`;

/** Tells entries apart, also those that wrongly share an alias. */
export function keyOf(entry: IntegrationView, all: readonly IntegrationView[]): string {
  const same = all.filter((other) => other.alias === entry.alias);
  return same.length === 1 ? entry.alias : `${entry.alias}@${entry.file}~${same.filter((other) => other.file === entry.file).indexOf(entry) + 1}`;
}
