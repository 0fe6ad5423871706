// Markdown as a tree that knows where in the text each of its characters stood, so that tokens can be found again in it.
// No HTML: what looks like a tag is text.

/** Some text and where each of its characters stood. */
class Piece {
  constructor(text = '', at = []) {
    this.text = text;
    this.at = at;
  }

  static of(text, start) {
    return new Piece(text, Array.from({length: text.length}, (_, i) => start + i));
  }

  slice(from, to = this.text.length) {
    return new Piece(this.text.slice(from, to), this.at.slice(from, to));
  }

  plus(other) {
    return new Piece(this.text + other.text, this.at.concat(other.at));
  }
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+/;
const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,8})([-*+]|\d{1,9}[.)])(\s+|$)/;
const CELLS = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** The blocks of a text: {kind, from, to, ...}. */
export function parse(text) {
  const lines = [];
  let start = 0;
  for (const line of text.split('\n')) {
    lines.push(Piece.of(line, start));
    lines.at(-1).start = start;
    start += line.length + 1;
  }
  return blocks(lines);
}

function blocks(lines) {
  const found = [];
  let i = 0;
  while (i < lines.length) {
    if (lines[i].text.trim() === '') {
      i++;
      continue;
    }
    const next = fence(lines, i) ?? heading(lines, i) ?? quote(lines, i) ?? list(lines, i) ?? table(lines, i)
      ?? paragraph(lines, i);
    found.push(next.block);
    i = next.end;
  }
  return found;
}

function fence(lines, i) {
  const open = FENCE.exec(lines[i].text);
  if (!open) return null;
  let end = i + 1;
  const closes = (text) => text.trim().startsWith(open[1]) && text.trim().replaceAll(open[1][0], '') === '';
  while (end < lines.length && !closes(lines[end].text)) end++;
  const code = joined(lines.slice(i + 1, end));
  return {block: {kind: 'code', language: open[2], code, closed: end < lines.length}, end: end + 1};
}

function heading(lines, i) {
  if (RULE.test(lines[i].text)) return {block: {kind: 'rule'}, end: i + 1};
  const marks = HEADING.exec(lines[i].text);
  if (!marks) return null;
  return {block: {kind: 'heading', level: marks[1].length, inline: inline(lines[i].slice(marks[0].length))}, end: i + 1};
}

function quote(lines, i) {
  if (!QUOTE.test(lines[i].text)) return null;
  let end = i;
  const inner = [];
  while (end < lines.length && QUOTE.test(lines[end].text)) {
    inner.push(lines[end].slice(QUOTE.exec(lines[end].text)[0].length));
    end++;
  }
  return {block: {kind: 'quote', blocks: blocks(inner)}, end};
}

function list(lines, i) {
  const first = ITEM.exec(lines[i].text);
  if (!first) return null;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let end = i;
  while (end < lines.length) {
    const mark = ITEM.exec(lines[end].text);
    if (!mark || mark[1].length > first[1].length + 1 || /\d/.test(mark[2]) !== ordered) break;
    const indent = mark[0].length;
    const inner = [lines[end].slice(indent)];
    end++;
    while (end < lines.length && belongs(lines, end, mark[1].length, inner)) {
      const leading = /^ */.exec(lines[end].text)[0].length;
      inner.push(lines[end].slice(Math.min(leading, indent)));
      end++;
    }
    items.push(blocks(inner));
    while (end < lines.length && lines[end].text.trim() === '' && ITEM.test(lines[end + 1]?.text ?? '')) end++;
  }
  return {block: {kind: 'list', ordered, from: Number.parseInt(first[2], 10) || 1, items}, end};
}

/** Whether a line goes on with an item: indented deeper than its mark, or plain text straight after it. */
function belongs(lines, end, depth, inner) {
  const text = lines[end].text;
  if (text.trim() === '') return /^ {2,}\S/.test(lines[end + 1]?.text ?? '');
  const leading = /^ */.exec(text)[0].length;
  if (leading > depth + 1) return true;
  return inner.at(-1).text.trim() !== '' && !starts(text);
}

function starts(text) {
  return FENCE.test(text) || HEADING.test(text) || RULE.test(text) || QUOTE.test(text) || ITEM.test(text);
}

function table(lines, i) {
  if (!lines[i].text.includes('|') || !CELLS.test(lines[i + 1]?.text ?? '') || !lines[i + 1].text.includes('-')) return null;
  const head = cells(lines[i]);
  let end = i + 2;
  const rows = [];
  while (end < lines.length && lines[end].text.includes('|')) rows.push(cells(lines[end++]));
  return {block: {kind: 'table', head, rows}, end};
}

function cells(line) {
  const edges = [];
  for (let i = 0; i < line.text.length; i++) {
    if (line.text[i] === '|' && line.text[i - 1] !== '\\') edges.push(i);
  }
  const all = [];
  let from = 0;
  for (const edge of [...edges, line.text.length]) {
    all.push(line.slice(from, edge));
    from = edge + 1;
  }
  if (all[0].text.trim() === '') all.shift();
  if (all.at(-1)?.text.trim() === '') all.pop();
  return all.map((cell) => inline(cell));
}

function paragraph(lines, i) {
  let end = i + 1;
  while (end < lines.length && lines[end].text.trim() !== '' && !starts(lines[end].text)) end++;
  return {block: {kind: 'paragraph', inline: inline(joined(lines.slice(i, end)))}, end};
}

function joined(lines) {
  return lines.reduce((all, line, i) => {
    if (i === 0) return line;
    const newline = (lines[i].at[0] ?? lines[i].start ?? all.at.at(-1) + 2) - 1;
    return all.plus(new Piece('\n', [newline])).plus(line);
  }, new Piece());
}

const MARKS = [
  {mark: '**', kind: 'strong'}, {mark: '__', kind: 'strong'}, {mark: '~~', kind: 'del'},
  {mark: '*', kind: 'em'}, {mark: '_', kind: 'em'},
];

/** Text with what stands in it: {kind: 'text', piece} or {kind, inside}. */
function inline(piece) {
  const nodes = [];
  let plain = 0;
  let i = 0;
  const flush = (to) => {
    if (to > plain) nodes.push({kind: 'text', piece: piece.slice(plain, to)});
  };
  while (i < piece.text.length) {
    const found = escaped(piece, i) ?? codeSpan(piece, i) ?? link(piece, i) ?? emphasis(piece, i);
    if (!found) {
      i++;
      continue;
    }
    flush(i);
    nodes.push(found.node);
    i = plain = found.end;
  }
  flush(piece.text.length);
  return nodes;
}

function escaped(piece, i) {
  if (piece.text[i] !== '\\' || !/[\\`*_{}[\]()#+.!|~>-]/.test(piece.text[i + 1] ?? '')) return null;
  return {node: {kind: 'text', piece: piece.slice(i + 1, i + 2)}, end: i + 2};
}

function codeSpan(piece, i) {
  const ticks = /^`+/.exec(piece.text.slice(i))?.[0];
  if (!ticks) return null;
  const close = piece.text.indexOf(ticks, i + ticks.length);
  if (close < 0) return null;
  const inside = [{kind: 'text', piece: piece.slice(i + ticks.length, close)}];
  return {node: {kind: 'code', inside}, end: close + ticks.length};
}

function link(piece, i) {
  if (piece.text[i] !== '[') return null;
  const found = /^\[([^\]\n]+)\]\(([^()\s]+)\)/.exec(piece.text.slice(i));
  if (!found || !/^(https?:\/\/|mailto:)/i.test(found[2])) return null;
  const inside = inline(piece.slice(i + 1, i + 1 + found[1].length));
  return {node: {kind: 'link', href: found[2], inside}, end: i + found[0].length};
}

function emphasis(piece, i) {
  const text = piece.text;
  for (const {mark, kind} of MARKS) {
    if (!text.startsWith(mark, i) || /\s/.test(text[i + mark.length] ?? ' ')) continue;
    const inWord = mark[0] === '_' && /\w/.test(text[i - 1] ?? '');
    let close = text.indexOf(mark, i + mark.length);
    while (close > 0 && mark.length === 1 && (text[close + 1] === mark || text[close - 1] === mark)) {
      close = text.indexOf(mark, close + 2);
    }
    if (inWord || close <= i + mark.length - 1 || /\s/.test(text[close - 1])) continue;
    return {node: {kind, inside: inline(piece.slice(i + mark.length, close))}, end: close + mark.length};
  }
  return null;
}
