// The panel: which signal shades the tokens, from where on they are flagged, and which are the least sure.

import {histogram} from './charts.js';
import {byId, el} from './dom.js';
import {isFlagged, shown, signal, SIGNALS, visible, withUnit} from './signals.js';

const MOST = 6;

export class Panel {
  /**
   * @param views gives the answers on the page
   * @param changed is called when something else is shaded or flagged
   */
  constructor(views, changed) {
    this.views = views;
    this.changed = changed;
    this.chosen = 'surprise';
    this.thresholds = Object.fromEntries(SIGNALS.map((of) => [of.id, of.start]));
    this.touched = new Set();
    this.choices();
    byId('threshold').addEventListener('input', (event) => this.drag(Number(event.target.value)));
    byId('raw').addEventListener('change', () => this.changed());
    this.refresh();
  }

  get look() {
    return {signal: this.chosen, threshold: this.thresholds[this.chosen], raw: byId('raw').checked};
  }

  choices() {
    for (const of of SIGNALS) {
      const input = el('input', {type: 'radio', name: 'signal', value: of.id, checked: of.id === this.chosen});
      input.addEventListener('change', () => this.choose(of.id));
      byId('signals').append(el('label', {}, input, el('span', {}, of.name)));
    }
  }

  choose(id) {
    this.chosen = id;
    document.documentElement.dataset.signal = id;
    this.changed();
    this.refresh();
  }

  drag(value) {
    this.thresholds[this.chosen] = value;
    this.touched.add(this.chosen);
    this.changed();
    this.refresh();
  }

  /** The server's own threshold counts until somebody drags it; its risk is shown once there is one. */
  learn(answer) {
    const {threshold} = answer.summary;
    if (threshold === undefined || this.touched.has('risk')) return;
    this.thresholds.risk = threshold;
    if (!this.touched.has('shown')) {
      this.touched.add('shown');
      byId('signals').querySelector('[value=risk]').checked = true;
      this.choose('risk');
    }
  }

  refresh() {
    const of = signal(this.chosen);
    const tokens = this.views().flatMap((view) => view.answer.tokens.map((token, index) => ({view, token, index})));
    const known = tokens.filter(({token}) => of.id in token.signals);
    const risk = tokens.some(({token}) => 'risk' in token.signals);
    byId('signals').querySelector('[value=risk]').disabled = tokens.length > 0 && !risk;
    byId('about').textContent = of.id === 'risk' && tokens.length > 0 && !risk
      ? 'No risk is calibrated: start the server with --params or --detector.' : of.about;
    byId('legend-from').textContent = 'sure';
    byId('legend-to').textContent = 'unsure';
    this.scale(of, known.map(({token}) => token.signals[of.id]));
    this.unsure(of, known);
  }

  scale(of, values) {
    const threshold = this.thresholds[of.id];
    const range = {from: of.from, to: Math.max(of.to, Math.ceil(Math.max(0, ...values)))};
    const slider = byId('threshold');
    slider.min = range.from;
    slider.max = range.to;
    slider.step = 0.01;
    slider.value = threshold;
    slider.setAttribute('aria-valuetext', withUnit(of, threshold));
    byId('threshold-value').textContent = `${of.risky === 'high' ? '≥' : '≤'} ${withUnit(of, threshold)}`;
    const count = values.filter((value) => isFlagged(of, value, threshold)).length;
    byId('flagged').textContent = values.length
      ? `${count} of ${values.length} tokens flagged (${Math.round((count / values.length) * 100)} %)` : 'nothing to flag yet';
    byId('histogram').replaceChildren(...(values.length ? [histogram(values, of, range, threshold)] : []));
  }

  unsure(of, known) {
    const sign = of.risky === 'high' ? -1 : 1;
    const first = known.toSorted((a, b) => sign * (a.token.signals[of.id] - b.token.signals[of.id])).slice(0, MOST);
    byId('unsure').replaceChildren(...first.map(({view, token, index}) => {
      const open = el('button', {type: 'button', className: 'quiet'}, el('span', {className: 'word'}, visible(token.text)),
        el('span', {className: 'number'}, shown(token.signals[of.id])));
      open.addEventListener('click', () => view.focus(index));
      return el('li', {}, open);
    }));
    byId('unsure-none').hidden = first.length > 0;
  }
}
