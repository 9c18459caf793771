export type Toast = {
  id: number;
  text: (left: number) => string;
  /** Seconds until it goes; `left` in its text counts down from here. */
  seconds: number;
  action?: { label: string; run: () => void } | undefined;
};

/**
 * What the window tells in passing: toasts for good news and undo, and the two regions that assistive technology reads
 * out. Errors stand beside what failed and never come here, except for `alarm`, which only speaks.
 */
class Notices {
  toasts = $state.raw<Toast[]>([]);
  spoken = $state('');
  alarm = $state('');
  #next = 1;

  toast(text: string | ((left: number) => string), seconds = 5, action?: Toast['action']): number {
    const id = this.#next++;
    const words = typeof text === 'string' ? () => text : text;
    this.toasts = [...this.toasts, { id, text: words, seconds, action }];
    this.say(words(seconds));
    return id;
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Speaks politely. The same sentence twice is spoken twice. */
  say(text: string): void {
    this.spoken = this.spoken === text ? `${text}\u00a0` : text;
  }

  alert(text: string): void {
    this.alarm = this.alarm === text ? `${text}\u00a0` : text;
  }
}

export const notices = new Notices();
