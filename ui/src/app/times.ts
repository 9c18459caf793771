/** Times as the person reads them: 24 hours, the day in words when it is near. The engine sends RFC 3339 in UTC. */
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
const exact = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const day = (date: Date) => `${date.getDate()} ${months[date.getMonth()]}`;

export const timeOf = (at: string) => clock.format(new Date(at));
export const secondsOf = (at: string) => exact.format(new Date(at));
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

/** The time alone when it is today, else with its day: "15:01", "14 Nov 2025, 15:01". */
export function moment(at: string, now = Date.now()): string {
  const then = new Date(at);
  return midnight(then) === midnight(new Date(now)) ? clock.format(then) : `${dateOf(at)}, ${clock.format(then)}`;
}

/** A length of time in its largest fitting unit: "45 s", "59 min", "2 h", "3 days". */
export function lengthOf(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** "in 59 min", "3 min ago", "now". */
export function fromNow(at: string, now = Date.now()): string {
  const left = new Date(at).getTime() - now;
  if (Math.abs(left) < 1000) return 'now';
  return left > 0 ? `in ${lengthOf(left)}` : `${lengthOf(left)} ago`;
}

/** Minutes and seconds as on a stopwatch: "0:23", "4:05". */
export const stopwatch = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** How far a clock was moved: "2 days 3 h", "1 h 30 min". */
export function shiftOf(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [days > 0 ? (days === 1 ? '1 day' : `${days} days`) : '', hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter((part) => part !== '');
  return parts.length > 0 ? parts.slice(0, 2).join(' ') : `${seconds} s`;
}

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
