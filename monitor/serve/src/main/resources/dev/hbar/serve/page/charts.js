// Pictures of an answer: the signals over its tokens, the drift of every layer, a histogram under the threshold.

import {el, svg} from './dom.js';
import {drifts, isFlagged, percent, shown, SIGNALS, visible, withUnit} from './signals.js';

const ROW = 100;

/** One row of bars per signal; a click or the pointer picks a token. */
export function timeline(answer, chosen, threshold) {
  const rows = SIGNALS.filter((of) => answer.tokens.some((token) => of.id in token.signals))
    .map((of) => row(answer, of, of.id === chosen ? threshold : null));
  return el('div', {className: 'rows'}, ...rows);
}

function row(answer, of, threshold) {
  const values = answer.tokens.map((token) => token.signals[of.id]);
  const known = values.filter((value) => value !== undefined);
  const most = Math.max(...known, threshold ?? 0, 1e-6);
  const width = Math.max(values.length, 24);
  const picture = svg('svg', {viewBox: `0 0 ${width} ${ROW}`, preserveAspectRatio: 'none', role: 'img', class: 'bars'});
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  picture.setAttribute('aria-label', `${of.name} of ${known.length} tokens: mean ${shown(mean)}, from ${shown(Math.min(...known))} to ${shown(Math.max(...known))}`);
  const flagged = (value) => threshold !== null && isFlagged(of, value, threshold);
  picture.append(bars(values, most, (value) => !flagged(value), 'calm'), bars(values, most, flagged, 'risky'));
  if (threshold !== null) {
    const y = ROW - (threshold / most) * ROW;
    picture.append(svg('line', {x1: 0, x2: width, y1: y, y2: y, class: 'limit'}));
  }
  picture.append(svg('rect', {x: -2, y: 0, width: 1, height: ROW, class: 'cursor'}));
  const head = el('div', {className: 'row-head'}, el('span', {}, of.name), el('span', {className: 'number'}, 'max ' + withUnit(of, Math.max(...known))));
  return el('div', {className: threshold === null ? 'row' : 'row chosen'}, head, picture);
}

function bars(values, most, wanted, name) {
  let path = '';
  values.forEach((value, i) => {
    if (value === undefined || !wanted(value)) return;
    const height = Math.max(1.5, (value / most) * ROW);
    path += `M${i + 0.08} ${ROW}v${-height}h0.84v${height}z`;
  });
  return svg('path', {d: path, class: name});
}

/** Which token the pointer is at, or -1. */
export function tokenAt(event, answer) {
  const picture = event.target.closest('svg.bars');
  if (!picture) return -1;
  const box = picture.getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width);
  return at >= 0 && at < answer.tokens.length ? at : -1;
}

export function moveCursor(container, index) {
  for (const cursor of container.querySelectorAll('.cursor')) cursor.setAttribute('x', index < 0 ? -2 : index);
}

/** Layers by tokens: how far each block's state turned. Null where the server gave nothing. */
export function driftMap(answer, pick) {
  const columns = answer.tokens.map(drifts);
  const layers = columns[0]?.length ?? 0;
  if (layers === 0) return null;
  const most = Math.max(1e-6, ...columns.slice(1).flat());
  const canvas = el('canvas', {width: columns.length, height: layers, className: 'map'});
  const context = canvas.getContext('2d');
  const image = context.createImageData(columns.length, layers);
  columns.forEach((column, x) => column.forEach((value, block) => {
    const place = ((layers - 1 - block) * columns.length + x) * 4;
    image.data.set([...heat(Math.min(1, value / most)), value > 0 ? 255 : 0], place);
  }));
  context.putImageData(image, 0, 0);
  const said = el('p', {className: 'fine map-said'}, 'Point at a cell, or use the arrow keys.');
  const frame = el('div', {className: 'map-frame', tabIndex: 0}, canvas);
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', `Drift map, ${layers} layers by ${columns.length} tokens, largest ${shown(most)}`);
  said.setAttribute('aria-live', 'polite');
  steer(frame, canvas, {columns, layers}, (x, block) => {
    said.textContent = `Layer ${block}, token ${x + 1} “${visible(answer.tokens[x].text)}”: drift ${shown(columns[x][block])}`;
    pick(x);
  });
  const scale = el('div', {className: 'legend'}, el('span', {}, '0'), el('span', {className: 'ramp heat'}), el('span', {}, shown(most)));
  const sides = el('div', {className: 'map-box'}, el('div', {className: 'map-axis'}, el('span', {}, 'last'), el('span', {}, 'layer'), el('span', {}, 'first')), frame);
  return el('div', {}, sides, scale, said);
}

function steer(frame, canvas, {columns, layers}, show) {
  let x = 0;
  let block = layers - 1;
  canvas.addEventListener('pointermove', (event) => {
    const box = canvas.getBoundingClientRect();
    x = Math.min(columns.length - 1, Math.floor(((event.clientX - box.left) / box.width) * columns.length));
    block = layers - 1 - Math.min(layers - 1, Math.floor(((event.clientY - box.top) / box.height) * layers));
    show(Math.max(0, x), Math.max(0, block));
  });
  frame.addEventListener('keydown', (event) => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    x = Math.min(columns.length - 1, Math.max(0, x + move[0]));
    block = Math.min(layers - 1, Math.max(0, block + move[1]));
    show(x, block);
  });
}

const STOPS = [[250, 246, 255], [203, 178, 235], [142, 96, 196], [120, 35, 110], [60, 8, 50]];

function heat(part) {
  const at = Math.sqrt(part) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[i].map((value, c) => Math.round(value + (at - i) * (STOPS[i + 1][c] - value)));
}

/** How often each value of a signal came, and which of them would be flagged. */
export function histogram(values, of, range, threshold) {
  const bins = 40;
  const counts = new Array(bins).fill(0);
  for (const value of values) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - range.from) / (range.to - range.from)) * bins)))]++;
  }
  const most = Math.max(1, ...counts);
  const picture = svg('svg', {viewBox: `0 0 ${bins} ${ROW}`, preserveAspectRatio: 'none', class: 'bars', 'aria-hidden': 'true'});
  const width = range.to - range.from;
  const risky = (i) => isFlagged(of, range.from + ((i + 0.5) / bins) * width, threshold);
  for (const [name, wanted] of [['calm', (i) => !risky(i)], ['risky', risky]]) {
    let path = '';
    counts.forEach((count, i) => {
      if (count === 0 || !wanted(i)) return;
      const height = Math.max(4, Math.sqrt(count / most) * ROW);
      path += `M${i + 0.1} ${ROW}v${-height}h0.8v${height}z`;
    });
    picture.append(svg('path', {d: path, class: name}));
  }
  return picture;
}

/** Every number in a table, for those who cannot see the pictures. */
export function table(answer) {
  const known = SIGNALS.filter((of) => answer.tokens.some((token) => of.id in token.signals));
  const head = el('tr', {}, el('th', {scope: 'col'}, '#'), el('th', {scope: 'col'}, 'Token'),
    ...known.map((of) => el('th', {scope: 'col'}, of.name)), el('th', {scope: 'col'}, 'Instead'));
  const lines = answer.tokens.map((token, i) => el('tr', {}, el('td', {}, String(i + 1)),
    el('th', {scope: 'row'}, visible(token.text)),
    ...known.map((of) => el('td', {className: 'number'}, shown(token.signals[of.id]))),
    el('td', {}, token.alternatives.filter((other) => other.text !== token.text).slice(0, 3)
      .map((other) => `${visible(other.text)} ${percent(other.probability)}`).join(', '))));
  const all = el('table', {}, el('caption', {className: 'hidden'}, 'Signals of every token'), el('thead', {}, head), el('tbody', {}, ...lines));
  return el('div', {className: 'table', tabIndex: 0}, all);
}

