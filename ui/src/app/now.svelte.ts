import { createSubscriber } from 'svelte/reactivity';

/** The time of day as something that changes: whoever reads it in a component is drawn again every few seconds. */
const every = createSubscriber((update) => {
  const timer = setInterval(update, 5000);
  return () => clearInterval(timer);
});

export function now(): number {
  every();
  return Date.now();
}
