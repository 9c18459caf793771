import type { ConnectionView } from '../../api/bindings';
import { fromNow, lengthOf, moment } from '../../app/times';
import { connectionWords as words } from './words';

const day = 86_400_000;

/** When a token ends, absolute and relative. An unknown end is not "never". */
export function expiryOf(connection: Pick<ConnectionView, 'expiresAt' | 'renews'>, now: number): { text: string; tone: '' | 'warn' | 'err' | 't2' } {
  const { expiresAt, renews } = connection;
  if (expiresAt === null) return renews ? { text: words.renewsUnknown, tone: '' } : { text: words.unknown, tone: 't2' };
  const at = moment(expiresAt, now);
  const near = fromNow(expiresAt, now);
  const left = new Date(expiresAt).getTime() - now;
  if (renews) return { text: left > 0 ? words.renews(at, near) : words.renewsDue, tone: '' };
  return left > 0 ? { text: words.stops(at, near), tone: left < day ? 'warn' : '' } : { text: words.stopped(at, near), tone: 'err' };
}

/** The same for the middle of the signal path. */
export function tokenLeft(connection: Pick<ConnectionView, 'expiresAt'> | null, now: number): string {
  if (!connection?.expiresAt) return 'token id';
  const left = new Date(connection.expiresAt).getTime() - now;
  return left > 0 ? words.tokenLeft(lengthOf(left)) : words.tokenOver;
}
