/** The seven states of a jack and the label that is read out for each. */
export const jackLabels = {
  connected: 'Connected',
  connecting: 'Connecting',
  notConnected: 'Not connected',
  needsAttention: 'Needs attention',
  failed: 'Failed',
  askedInChat: 'Asked for in chat',
  askedConnected: 'Connected for this persona',
} as const;

export type JackState = keyof typeof jackLabels;

export const isLive = (state: JackState) => state === 'connected' || state === 'askedConnected';
export const needsCare = (state: JackState) => state === 'needsAttention' || state === 'failed';
