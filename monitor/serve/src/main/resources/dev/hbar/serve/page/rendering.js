// The text of an answer as elements: each visible run of a token's characters is a span that names the token.

import {el} from './dom.js';
import {parse} from './markdown.js';

/** Draws into a container what has changed since the last time. */
export class Rendering {
  constructor(container) {
    this.container = container;
    this.drawn = [];
  }

  /**
   * @param text of the answer
   * @param owner gives for a place in the text the token it belongs to, or -1
   * @param raw whether Markdown stays as it is
   */
  draw(text, owner, raw) {
    const wanted = raw ? [{kind: 'raw', from: 0}] : parse(text);
    const elements = wanted.map((block, i) => {
      const print = raw ? 'raw' + text : JSON.stringify(block);
      if (this.drawn[i]?.print === print) return this.drawn[i];
      const node = raw ? el('p', {className: 'raw'}, ...runs(characters(text), owner)) : blockOf(block, owner);
      return {print, node};
    });
    elements.forEach((one, i) => {
      const there = this.container.children[i];
      if (there !== one.node) there ? there.replaceWith(one.node) : this.container.append(one.node);
    });
    while (this.container.children.length > elements.length) this.container.lastChild.remove();
    this.drawn = elements;
  }
}

function characters(text) {
  return {text, at: Array.from({length: text.length}, (_, i) => i)};
}

function blockOf(block, owner) {
  switch (block.kind) {
    case 'code': return codeOf(block, owner);
    case 'rule': return el('hr');
    case 'heading': return el('h' + Math.min(6, block.level + 3), {}, ...inlineOf(block.inline, owner));
    case 'quote': return el('blockquote', {}, ...block.blocks.map((inner) => blockOf(inner, owner)));
    case 'list': return listOf(block, owner);
    case 'table': return tableOf(block, owner);
    default: return el('p', {}, ...inlineOf(block.inline, owner));
  }
}

function codeOf(block, owner) {
  const copy = el('button', {type: 'button', className: 'quiet copy'}, 'Copy');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.code.text);
    copy.textContent = 'Copied';
  });
  const head = el('div', {className: 'code-head'}, el('span', {}, block.language || 'code'), copy);
  const code = el('code', {}, ...runs(block.code, owner));
  const pre = el('pre', {tabIndex: 0}, code);
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', 'Code' + (block.language ? ' in ' + block.language : ''));
  return el('div', {className: 'code'}, head, pre);
}

function listOf(block, owner) {
  const items = block.items.map((inner) =>
    el('li', {}, ...inner.flatMap((one) => (one.kind === 'paragraph' ? inlineOf(one.inline, owner) : [blockOf(one, owner)]))));
  return block.ordered ? el('ol', {start: block.from}, ...items) : el('ul', {}, ...items);
}

function tableOf(block, owner) {
  const row = (cells, name) => el('tr', {}, ...cells.map((cell) => el(name, {}, ...inlineOf(cell, owner))));
  const table = el('table', {}, el('thead', {}, row(block.head, 'th')), el('tbody', {}, ...block.rows.map((r) => row(r, 'td'))));
  return el('div', {className: 'table', tabIndex: 0}, table);
}

function inlineOf(nodes, owner) {
  return nodes.flatMap((node) => {
    if (node.kind === 'text') return runs(node.piece, owner);
    const inside = inlineOf(node.inside, owner);
    if (node.kind === 'link') return [el('a', {href: node.href, target: '_blank', rel: 'noopener noreferrer'}, ...inside)];
    return [el(node.kind, {}, ...inside)];
  });
}

/** Characters that belong to one token make one span. */
function runs(piece, owner) {
  const nodes = [];
  let from = 0;
  for (let i = 1; i <= piece.text.length; i++) {
    const token = owner(piece.at[from]);
    if (i < piece.text.length && owner(piece.at[i]) === token) continue;
    const text = piece.text.slice(from, i);
    nodes.push(token < 0 ? document.createTextNode(text) : el('span', {className: 't', tabIndex: -1, data: {i: token}}, text));
    from = i;
  }
  return nodes;
}
