/** Every text of the shell around the screens. */
const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`;

export const words = {
  main: 'Main',
  status: 'Status',
  screens: { chat: 'Test chat', scripts: 'Scripts', integrations: 'Integrations', secrets: 'Secrets', preferences: 'Preferences' },
  settings: 'Settings',
  switcher: 'Bot:',
  recentBots: 'Recent bots',
  openFolder: 'Open bot folder…',
  newBot: 'New bot…',
  closeBot: 'Close bot',
  goTo: 'Go to…',
  connections: 'Bot connections',
  live: (n: number, of: number) => `${n} of ${of} live`,
  more: (n: number) => `${n} more`,
  errors: (n: number) => many(n, 'error', 'errors'),
  warnings: (n: number) => many(n, 'warning', 'warnings'),
  errorWord: (n: number) => (n === 1 ? ' error' : ' errors'),
  warningWord: (n: number) => (n === 1 ? ' warning' : ' warnings'),
  care: (n: number) => `${n} ${n === 1 ? 'needs' : 'need'} attention`,
  missing: (n: number) => `${n} without a value`,
  problems: 'Problems',
  problemsOf: (files: number) => `No problems in ${many(files, 'file', 'files')}.`,
  closeProblems: 'Close problems',
  allProblems: 'Problems of this bot',
  noProblems: 'No problems',
  starting: 'Patchbay is starting',
  failed: 'Patchbay could not start.',
  again: 'Try again',
  dismiss: 'Dismiss',
  readOnly: 'Nothing in this folder can be written. Texts and values can be looked at.',
  gone: 'The folder of this bot is not there any more. What was read before is still shown.',
  vault: { absent: 'No vault yet', unlocked: 'Vault unlocked', locked: 'Vault locked', unusable: 'Vault cannot be used' },
  practice: 'Practice',
  practiceTip: 'Patchbay plays providers at this address',
  persona: (name: string) => `Persona: ${name}`,
  personaTip: 'Who talks to the bot in the test chat',
  vaultTip: { keychain: 'Its key is in the system keychain', passphrase: 'Its key is derived from a passphrase', session: 'Kept in memory until Patchbay quits' },
};

export const attemptWords = {
  waiting: (title: string) => `${title}: waiting for you to approve in the browser`,
  notOpened: (title: string) => `${title}: the browser did not open. Copy the link instead.`,
  connected: (title: string) => `${title}: connected`,
  token: (alias: string) => `Token received for ${alias}`,
  toast: (title: string) => `${title} connected`,
  show: 'Show',
};

export const offerWords = {
  title: (path: string) => `Open ${path}?`,
  text: 'This folder has not been opened in Patchbay before. Its manifests and scripts are read; nothing runs before you start a chat.',
  action: 'Open folder',
};

export const unsavedWords = {
  title: 'Close this bot with unsaved changes?',
  text: (files: string) => `The changes in ${files} are only in this window and would be dropped.`,
  action: 'Close without saving',
  save: 'Save all and close',
};

export const identityWords = {
  title: 'Is this the same bot?',
  text: (old: string) => `This folder carries the id of ${old}. Until you decide, every secret reads as missing.`,
  moved: 'Moved',
  copy: 'Copy',
  share: 'Share',
  label: 'Identity of this folder',
  ask: {
    moved: { title: 'Was the folder moved?', text: (old: string) => `Its secrets come along. ${old} can no longer read them.`, action: 'Folder was moved' },
    copy: { title: 'Is this a copy?', text: () => 'It gets an id of its own and starts without any secret. Nothing changes for the other folder.', action: 'Treat as copy' },
    share: { title: 'Share the secrets?', text: (old: string) => `Scripts in this folder would read the values that were stored for ${old}. Only do this when you trust both folders.`, action: 'Share secrets' },
  },
  aliases: 'Values that would be readable here:',
  noAliases: 'No value is stored yet; later ones are shared as well.',
};

export const paletteWords = {
  title: 'Go to',
  field: 'Go to a screen, entry, secret or file',
  none: 'Nothing matches',
  groups: { screens: 'Screens', files: 'Files', integrations: 'Integrations', secrets: 'Secrets', commands: 'Commands' },
  restart: 'Restart conversation',
  problems: 'Show or hide problems',
  sidebar: 'Show or hide sidebar labels',
  theme: { system: 'Use system theme', light: 'Use light theme', dark: 'Use dark theme' },
  unlock: 'Unlock vault…',
  lock: 'Lock vault',
};
