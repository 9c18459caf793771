import '../src/styles/fonts.css';
import '../src/styles/tokens.css';
import '../src/styles/base.css';
import '../src/styles/tokens-code.css';
import { beforeEach } from 'vitest';
import { notices } from '../src/components/notices.svelte';

beforeEach(() => {
  location.hash = '';
  localStorage.clear();
  notices.toasts = [];
  notices.spoken = notices.alarm = '';
  document.documentElement.style.removeProperty('--scale');
  delete document.documentElement.dataset['theme'];
});
