import type { IntegrationView } from '../../api/bindings';
import { isLive } from '../../components/jack';
import { actionWords } from './words';

export type Act = keyof typeof actionWords.named;

const connectable = new Set(['oauth', 'serviceAccount']);

/** Practice can play these; others have no sign-in to play. */
export const hasConnection = (entry: IntegrationView) => connectable.has(entry.kind);
export const canTest = (entry: IntegrationView) => hasConnection(entry) && entry.connection !== null && entry.connection.changedOrigins.length === 0 && entry.state !== 'connecting';

/** The one action that fits an entry's kind and state; none rather than one that does nothing. `running`: its sign-in goes on. */
export function actOf(entry: IntegrationView, running = false): Act | undefined {
  if (entry.kind === 'secret') return isLive(entry.state) ? undefined : 'setValue';
  if (!hasConnection(entry)) return undefined;
  if (running) return 'cancel';
  if (entry.state === 'connecting') return entry.attempt === null ? undefined : 'cancel';
  if (entry.connection !== null && entry.connection.changedOrigins.length > 0) return 'review';
  if (entry.context === 'user') return entry.state === 'needsAttention' && entry.connection === null ? 'configure' : 'tryInChat';
  if (entry.kind === 'serviceAccount') return isLive(entry.state) ? 'test' : 'keyFile';
  if (isLive(entry.state)) return 'test';
  if (entry.connection !== null) return 'reconnect';
  return entry.state === 'needsAttention' ? 'configure' : 'connect';
}

/** Healthy rows get a quiet action; a bordered one wants something from the person. */
export const isQuiet = (act: Act) => act === 'test' || act === 'tryInChat';
