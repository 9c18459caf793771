import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/tokens-code.css';
import { mount } from 'svelte';
import { Api } from './api/call';
import App from './app/App.svelte';
import { pickHost } from './host/pick';

const target = document.querySelector('#app');
if (target) void pickHost().then((host) => mount(App, { target, props: { api: new Api(host) } }));
