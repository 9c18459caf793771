/** Times as the person reads them: 24 hours, the day in words when it is near. The engine sends RFC 3339 in UTC. */
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const day = (date: Date) => `${date.getDate()} ${months[date.getMonth()]}`;

export const timeOf = (at: string) => clock.format(new Date(at));
export const dateOf = (at: string) => `${day(new Date(at))} ${new Date(at).getFullYear()}`;

/** "Today, 13:40", "Yesterday", "18 Nov", "3 Oct 2024". */
export function lately(at: string, now = new Date()): string {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) return '';
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000);
  if (days === 0) return `Today, ${clock.format(then)}`;
  if (days === 1) return 'Yesterday';
  return then.getFullYear() === now.getFullYear() ? day(then) : `${day(then)} ${then.getFullYear()}`;
}

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
