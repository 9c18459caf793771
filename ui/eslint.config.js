import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const features = ['welcome', 'integrations', 'secrets', 'chat', 'scripts', 'preferences', 'vault'];
const tauri = { group: ['@tauri-apps/*'], message: 'Only src/host talks to Tauri.' };
const restrict = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/bindings.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      // Every piece of text from a bot is rendered as nodes.
      'svelte/no-at-html-tags': 'error',
      // A space between two pieces of text has to be written as one.
      'svelte/no-useless-mustaches': 'off',
      // Addresses in here are hash routes, made by app/routes.ts.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  { files: ['shots.mjs', '*.config.*'], languageOptions: { globals: { ...globals.node } }, rules: { 'no-console': 'off' } },
  restrict(['src/**', 'dev/**', 'tests/**'], tauri),
  restrict(['src/host/**']),
  restrict(
    ['src/components/**'],
    tauri,
    { group: ['**/api/**', '**/features/**', '**/editor/**', '**/app/**', '**/host/**'], message: 'Components know nothing of bots.' },
  ),
  restrict(['src/editor/**'], tauri, { group: ['**/features/**', '**/host/**'], message: 'The editor knows no screen.' }),
  ...features.map((name) =>
    restrict(
      [`src/features/${name}/**`],
      tauri,
      { group: ['**/host/**'], message: 'Features call through src/api.' },
      {
        group: features.filter((other) => other !== name).flatMap((other) => [`../${other}/*`, `**/features/${other}/**`]),
        message: 'A feature imports no other feature.',
      },
    ),
  ),
);
