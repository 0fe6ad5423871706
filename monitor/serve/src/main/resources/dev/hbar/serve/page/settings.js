// What a person chooses once: how answers are drawn, the key, light or dark.

import {key} from './api.js';
import {byId} from './dom.js';

const NUMBERS = {temperature: 0, 'top-p': 1, 'max-tokens': 400, seed: 0};
const ALTERNATIVES = 6;
const THEMES = ['system', 'light', 'dark'];

export class Settings {
  constructor(keyChanged) {
    for (const [id, first] of Object.entries(NUMBERS)) this.keep(id, 'value', first);
    this.keep('system', 'value', '');
    this.keep('layers', 'checked', true);
    byId('settings').addEventListener('click', () => this.open());
    byId('settings-dialog').addEventListener('close', () => {
      const given = byId('key').value.trim();
      if (given === key.get()) return;
      key.set(given);
      keyChanged();
    });
    byId('theme').addEventListener('click', nextTheme);
    showTheme();
  }

  open() {
    byId('key').value = key.get();
    byId('settings-dialog').showModal();
  }

  openForKey() {
    this.open();
    byId('key').focus();
  }

  /** Keeps a field in this browser. */
  keep(id, property, first) {
    const field = byId(id);
    field[property] = JSON.parse(localStorage.getItem('hbar.' + id) ?? JSON.stringify(first));
    field.addEventListener('change', () => {
      if (field.checkValidity()) localStorage.setItem('hbar.' + id, JSON.stringify(field[property]));
    });
  }

  /** A request but for model and messages. */
  request() {
    const number = (id) => (byId(id).checkValidity() ? Number(byId(id).value) : NUMBERS[id]);
    return {
      temperature: number('temperature'),
      top_p: number('top-p'),
      seed: number('seed'),
      max_tokens: number('max-tokens'),
      logprobs: true,
      top_logprobs: ALTERNATIVES,
      stream_options: {include_usage: true},
      uncertainty: {tokens: true, all_signals: true, layers: byId('layers').checked},
    };
  }

  get system() {
    return byId('system').value.trim();
  }
}

function nextTheme() {
  const now = localStorage.getItem('hbar.theme') ?? 'system';
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  if (next === 'system') localStorage.removeItem('hbar.theme');
  else localStorage.setItem('hbar.theme', next);
  showTheme();
}

function showTheme() {
  const theme = localStorage.getItem('hbar.theme') ?? 'system';
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const said = theme === 'system' ? 'Theme: follows the system' : 'Theme: ' + theme;
  byId('theme').title = said;
  byId('theme').lastChild.textContent = said;
}
