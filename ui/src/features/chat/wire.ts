import type { ExchangeView } from '../../api/bindings';

/** Host and path of an exchange; the scheme is not worth its place in a row. */
export const where = (exchange: ExchangeView) => exchange.url.replace(/^https?:\/\//, '');

export type Verdict = 'ok' | 'bad' | 'none';
export const verdictOf = (exchange: ExchangeView): Verdict => (exchange.status === null ? 'none' : exchange.status < 400 ? 'ok' : 'bad');

/** JSON is set out in lines; anything else stays as it was sent. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
