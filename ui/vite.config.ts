import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The content security policy allows no font or script as a data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
