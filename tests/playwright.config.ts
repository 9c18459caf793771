import { defineConfig } from '@playwright/test';

/** The flows of `flows/*.json` in Debian's Chromium, on the real engine behind devhost. */
export default defineConfig({
  testDir: 'browser',
  outputDir: 'playwright-report/results',
  // An engine, a keychain and a browser per flow: more at once only slows them down.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Bounds on hangs, not measures.
  timeout: 180_000,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: process.env.PATCHBAY_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    actionTimeout: 30_000,
    trace: 'off',
  },
});
