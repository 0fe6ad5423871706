// The card of a token: its numbers and what the model might have said instead.

import {byId, el} from './dom.js';
import {OTHERS, percent, shown, SIGNALS, visible, withUnit} from './signals.js';

const LEAVE_MILLIS = 180;
const GAP = 8;

export class Card {
  constructor(left) {
    this.node = byId('card');
    this.left = left;
    this.timer = 0;
    this.anchor = null;
    this.node.addEventListener('pointerenter', () => clearTimeout(this.timer));
    this.node.addEventListener('pointerleave', () => this.leave());
  }

  show(token, index, anchor, x) {
    clearTimeout(this.timer);
    this.release();
    this.node.replaceChildren(...content(token, index));
    this.node.hidden = false;
    this.anchor = anchor;
    if (anchor instanceof HTMLElement) anchor.setAttribute('aria-describedby', 'card');
    this.move(anchor.getBoundingClientRect(), x);
  }

  /** Below the token, or above where there is no room; never over it. */
  move(at, x) {
    const {width, height} = this.node.getBoundingClientRect();
    const left = Math.max(GAP, Math.min((x ?? at.left) - 16, innerWidth - width - GAP));
    const below = at.bottom + GAP + height < innerHeight;
    this.node.style.left = left + 'px';
    this.node.style.top = (below ? at.bottom + GAP : Math.max(GAP, at.top - height - GAP)) + 'px';
  }

  /** The page has scrolled: the card of a focused token goes along, another one goes away. */
  follow() {
    if (!this.isOpen) return;
    if (this.anchor === document.activeElement) this.move(this.anchor.getBoundingClientRect());
    else this.hide();
  }

  /** Goes after a moment, unless the pointer comes onto it. */
  leave() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), LEAVE_MILLIS);
  }

  hide() {
    clearTimeout(this.timer);
    this.release();
    this.node.hidden = true;
    this.left();
  }

  release() {
    this.anchor?.removeAttribute('aria-describedby');
    this.anchor = null;
  }

  get isOpen() {
    return !this.node.hidden;
  }
}

function content(token, index) {
  const head = el('p', {className: 'card-head'}, el('strong', {}, visible(token.text)),
    el('span', {}, `token ${index + 1} · probability ${percent(token.probability)}`));
  const main = SIGNALS.filter((of) => of.id in token.signals).map((of) => fact(of.name, withUnit(of, token.signals[of.id])));
  const others = OTHERS.filter(([id]) => id in token.signals).map(([id, name]) => fact(name, shown(token.signals[id])));
  const parts = [head, el('dl', {className: 'facts main'}, ...main.flat())];
  if (token.alternatives.length) parts.push(el('p', {className: 'card-title'}, 'It might have said'), alternatives(token));
  if (others.length) parts.push(el('dl', {className: 'facts other'}, ...others.flat()));
  return parts;
}

const fact = (name, value) => [el('div', {}, el('dt', {}, name), el('dd', {}, value))];

function alternatives(token) {
  return el('ul', {className: 'alternatives'}, ...token.alternatives.map((other) => {
    const bar = el('span', {className: 'bar'});
    bar.style.width = Math.max(1, other.probability * 100) + '%';
    const line = el('li', {}, bar, el('span', {className: 'word'}, visible(other.text)), el('span', {className: 'number'}, percent(other.probability)));
    if (other.text === token.text) line.classList.add('written');
    return line;
  }));
}
