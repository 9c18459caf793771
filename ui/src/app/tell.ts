import type { AttemptView } from '../api/bindings';
import { notices } from '../components/notices.svelte';
import { hrefOf, parseRoute } from './routes';
import { attemptWords as words } from './words';

/** Says once what a sign-in does. Who looks elsewhere when it works also sees it in passing. */
export function tellAttempt(attempt: AttemptView): void {
  const { state, title, alias, persona } = attempt;
  const route = parseRoute(location.hash);
  const href = hrefOf({ screen: 'integrations', key: alias });
  if (state === 'waiting') notices.say(attempt.opened ? words.waiting(title) : words.notOpened(title));
  else if (state === 'connected') {
    if (route.screen !== 'chat' && location.hash !== href) {
      notices.toast(words.toast(title), 5, { label: words.show, run: () => (location.hash = href) });
    }
    notices.say(persona === null ? words.connected(title) : words.token(alias));
  } else if (state === 'failed') notices.alert(`${attempt.message} ${attempt.hint}`.trim());
  else if (state === 'cancelled' || state === 'timedOut') notices.say(`${attempt.message} ${attempt.hint}`.trim());
}
