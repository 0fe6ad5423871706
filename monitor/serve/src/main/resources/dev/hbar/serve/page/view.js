// One answer on the page: its text, what can be done with it, and its pictures.

import {driftMap, moveCursor, table, timeline, tokenAt} from './charts.js';
import {el} from './dom.js';
import {Rendering} from './rendering.js';
import {isFlagged, share, shown, signal} from './signals.js';

const PICTURE_MILLIS = 400;

export class AnswerView {
  /**
   * @param answer to show
   * @param look what is shaded and flagged: {signal, threshold, raw}, as it is at the time
   * @param on what happens: pick(view, index, node), leave(), again()
   */
  constructor(answer, look, on) {
    this.answer = answer;
    this.look = look;
    this.on = on;
    this.place = 0;
    this.pictured = 0;
    this.build();
    this.refresh();
  }

  build() {
    this.meta = el('span', {className: 'meta'});
    this.copy = button('Copy', () => this.copyText());
    this.again = button('Again', () => this.on.again(this));
    this.again.title = 'Ask this again';
    const head = el('header', {}, el('h3', {}, this.answer.model), this.meta, el('span', {className: 'actions'}, this.copy, this.again));
    this.reasoning = el('details', {className: 'reasoning', hidden: true}, el('summary', {}, 'Reasoning'), el('p'));
    this.text = el('div', {className: 'text'});
    this.text.setAttribute('role', 'group');
    this.text.setAttribute('aria-label', 'Text of the answer; arrow keys go from token to token');
    this.wait = el('p', {className: 'wait'}, el('span', {className: 'pulse'}), 'Reading the prompt');
    this.problem = el('div', {className: 'problem', hidden: true});
    this.rows = el('details', {className: 'timeline', open: true, hidden: true}, el('summary', {}, 'Timeline'));
    this.map = el('details', {className: 'drift', hidden: true}, el('summary', {}, 'Drift map, layers × tokens'));
    this.numbers = el('details', {className: 'numbers', hidden: true}, el('summary', {}, 'Numbers as a table'));
    this.node = el('section', {className: 'answer'}, head, this.reasoning, this.text, this.wait, this.problem, this.rows, this.map, this.numbers);
    // A group: regions of one name would be landmarks that nobody can tell apart.
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', 'Answer of ' + this.answer.model);
    this.rendering = new Rendering(this.text);
    this.listen();
  }

  listen() {
    this.text.addEventListener('pointerover', (event) => this.pickFrom(event));
    this.text.addEventListener('focusin', (event) => this.pickFrom(event));
    this.text.addEventListener('click', (event) => event.target.closest('.t')?.focus());
    this.text.addEventListener('pointerleave', () => this.on.leave());
    this.text.addEventListener('focusout', () => this.on.leave());
    this.text.addEventListener('keydown', (event) => this.walk(event));
    this.rows.addEventListener('pointermove', (event) => this.pickAt(tokenAt(event, this.answer), event));
    this.rows.addEventListener('pointerleave', () => this.on.leave());
    this.map.addEventListener('pointerleave', () => this.on.leave());
    for (const part of [this.map, this.numbers]) part.addEventListener('toggle', () => this.picture(true));
  }

  pickFrom(event) {
    const span = event.target.closest?.('.t');
    if (span) this.on.pick(this, Number(span.dataset.i), span);
  }

  pickAt(index, event) {
    if (index >= 0) this.on.pick(this, index, event.target.closest('svg'), event.clientX);
  }

  /** Arrow keys go from token to token; one of them is in the tab order. */
  walk(event) {
    const spans = [...this.text.querySelectorAll('.t')];
    const at = spans.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: spans.length - 1}[event.key];
    if (next === undefined || !spans[next]) return;
    event.preventDefault();
    this.place = next;
    this.tabOrder(spans);
    spans[next].focus();
  }

  tabOrder(spans = [...this.text.querySelectorAll('.t')]) {
    spans.forEach((span, i) => (span.tabIndex = i === Math.min(this.place, spans.length - 1) ? 0 : -1));
  }

  /** Draws what is new of the answer. */
  refresh() {
    const {answer} = this;
    this.rendering.draw(answer.text, answer.owner, this.look().raw);
    this.text.classList.toggle('growing', answer.isGrowing);
    this.wait.hidden = answer.state !== 'waiting';
    this.reasoning.hidden = answer.reasoning === '';
    this.reasoning.lastChild.textContent = answer.reasoning;
    // A page from another address than this machine's may not write to the clipboard.
    this.copy.hidden = answer.text === '' || !navigator.clipboard;
    this.again.hidden = answer.isGrowing;
    this.showProblem();
    this.shade();
  }

  showProblem() {
    const {answer} = this;
    this.problem.hidden = answer.state !== 'failed';
    if (this.problem.hidden || this.problem.firstChild) return;
    this.problem.append(el('p', {}, answer.error), button('Try again', () => this.on.again(this)));
    this.problem.setAttribute('role', 'alert');
  }

  /** Colours the tokens as they are looked at now. */
  shade() {
    const {signal: id, threshold} = this.look();
    const of = signal(id);
    for (const span of this.text.querySelectorAll('.t')) {
      const value = this.answer.tokens[span.dataset.i]?.signals[id];
      span.style.setProperty('--s', share(of, value).toFixed(3));
      span.classList.toggle('flagged', isFlagged(of, value, threshold));
    }
    this.tabOrder();
    this.describe(of, threshold);
    this.picture(!this.answer.isGrowing);
  }

  describe(of, threshold) {
    const {answer} = this;
    const flagged = this.flagged(of, threshold);
    const parts = [];
    if (answer.tokens.length) parts.push(`${answer.tokens.length} tokens`, `${flagged} flagged`);
    if (answer.perSecond) parts.push(shown(answer.perSecond) + ' tokens/s');
    if (answer.state === 'stopped') parts.push('stopped by you');
    if (answer.finish === 'length') parts.push('cut at the limit');
    if (answer.finish === 'content_filter') parts.push('ended by risk');
    if (answer.usage?.prompt_tokens_details?.cached_tokens) parts.push(answer.usage.prompt_tokens_details.cached_tokens + ' reused');
    this.meta.textContent = parts.join(' · ');
  }

  flagged(of, threshold) {
    return this.answer.tokens.filter((token) => isFlagged(of, token.signals[of.id], threshold)).length;
  }

  /** Draws the pictures: not with every token, for they cost more than the text. */
  picture(now) {
    const time = performance.now();
    if (this.answer.tokens.length === 0 || (!now && time - this.pictured < PICTURE_MILLIS)) return;
    this.pictured = time;
    const {signal: id, threshold} = this.look();
    fill(this.rows, timeline(this.answer, id, threshold));
    const hasLayers = 'drift_0' in this.answer.tokens[0].signals;
    this.map.hidden = !hasLayers || this.answer.isGrowing;
    this.numbers.hidden = this.answer.isGrowing;
    if (this.map.open && !this.map.hidden && !this.map.children[1]) fill(this.map, driftMap(this.answer, (index) => this.mark(index)));
    if (this.numbers.open && !this.numbers.hidden && !this.numbers.children[1]) fill(this.numbers, table(this.answer));
  }

  /** Shows in text and timeline which token is looked at. */
  mark(index) {
    for (const span of this.text.querySelectorAll('.t.current')) span.classList.remove('current');
    if (index >= 0) for (const span of this.text.querySelectorAll(`.t[data-i="${index}"]`)) span.classList.add('current');
    moveCursor(this.rows, index);
  }

  focus(index) {
    const spans = [...this.text.querySelectorAll('.t')];
    const at = spans.findIndex((span) => Number(span.dataset.i) === index);
    if (at < 0) return;
    this.place = at;
    this.tabOrder(spans);
    spans[at].focus();
  }

  async copyText() {
    await navigator.clipboard.writeText(this.answer.text);
    this.copy.textContent = 'Copied';
    setTimeout(() => (this.copy.textContent = 'Copy'), 1500);
  }
}

function button(text, act) {
  const node = el('button', {type: 'button', className: 'quiet'}, text);
  node.addEventListener('click', act);
  return node;
}

function fill(details, content) {
  details.hidden = false;
  if (details.children[1]) details.children[1].replaceWith(content);
  else details.append(content);
}
