// A conversation as a file: its numbers as JSON, or what is seen as a web page that needs nothing else.

import {driftMap, table} from './charts.js';
import {el} from './dom.js';
import {percent, signal, SIGNALS, visible, withUnit} from './signals.js';

export function saveJson(turns, look) {
  const {signal, threshold} = look;
  const body = {
    format: 'hbar-conversation', version: 1, saved: new Date().toISOString(), flagged: {signal, threshold},
    turns: turns.map(({question, views}) => ({question, answers: views.map((view) => view.answer)})),
  };
  save(JSON.stringify(body, null, 1), 'application/json', 'json');
}

export function saveHtml(turns, look) {
  // As they were loaded: the server may be gone by now.
  const styles = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  const of = signal(look.signal);
  const page = document.implementation.createHTMLDocument('hbar conversation');
  page.documentElement.lang = 'en';
  page.documentElement.dataset.signal = look.signal;
  meta(page, {charset: 'utf-8'});
  meta(page, {name: 'viewport', content: 'width=device-width, initial-scale=1'});
  meta(page, {'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:"});
  page.head.append(el('style', {}, styles.join('\n')));
  const main = el('main', {className: 'exported'}, el('h1', {}, 'hbar conversation'),
    el('p', {className: 'fine'}, `Saved ${new Date().toLocaleString('en-GB')}. Shaded and flagged by ${of.name}, threshold ${withUnit(of, look.threshold)}. Point at a token for its numbers.`));
  for (const {question, views} of turns) {
    main.append(el('article', {className: 'turn'}, el('h2', {className: 'question'}, question),
      el('div', {className: views.length > 1 ? 'lanes two' : 'lanes'}, ...views.map(still))));
  }
  page.body.append(main);
  save('<!doctype html>\n' + page.documentElement.outerHTML, 'text/html', 'html');
}

function meta(page, attributes) {
  const node = page.createElement('meta');
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  page.head.append(node);
}

/** An answer that nothing can be done with but be read. */
function still(view) {
  const {answer} = view;
  const copy = view.node.cloneNode(true);
  for (const gone of copy.querySelectorAll('button, .drift, .numbers, .wait, [hidden]')) gone.remove();
  for (const span of copy.querySelectorAll('.t')) {
    const token = answer.tokens[span.dataset.i];
    span.title = facts(token);
    span.removeAttribute('tabindex');
    span.removeAttribute('aria-describedby');
  }
  const map = driftMap(answer, () => {});
  if (map) {
    const canvas = map.querySelector('canvas');
    canvas.replaceWith(el('img', {src: canvas.toDataURL(), className: 'map', alt: 'Drift of every layer (rows) at every token (columns)'}));
    map.querySelector('.map-said').remove();
    copy.append(el('details', {}, el('summary', {}, 'Drift map, layers × tokens'), map));
  }
  if (answer.tokens.length) copy.append(el('details', {}, el('summary', {}, 'Numbers as a table'), table(answer)));
  return copy;
}

function facts(token) {
  if (!token) return '';
  const numbers = SIGNALS.filter((of) => of.id in token.signals).map((of) => `${of.name} ${withUnit(of, token.signals[of.id])}`);
  const instead = token.alternatives.map((other) => `${visible(other.text)} ${percent(other.probability)}`);
  return [visible(token.text), ...numbers, 'Likeliest: ' + instead.join(', ')].join('\n');
}

function save(text, type, ending) {
  const link = el('a', {href: URL.createObjectURL(new Blob([text], {type})), download: 'hbar-conversation.' + ending});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
