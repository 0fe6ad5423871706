// The page as a whole: models, turns, the question box, and what the server's state allows.

import {Answer} from './answer.js';
import {key, models, watch} from './api.js';
import {Card} from './card.js';
import {byId, el} from './dom.js';
import {saveHtml, saveJson} from './export.js';
import {Panel} from './panel.js';
import {Settings} from './settings.js';
import {signal} from './signals.js';
import {AnswerView} from './view.js';

const WORDS = {ready: 'Ready', loading: 'Loading the model', offline: 'Offline', locked: 'Needs a key', busy: 'Answering'};

/** Questions with the views of their answers, oldest first. */
let turns = [];
let server = '';
let needsKey = false;
let marked = null;

const views = () => turns.flatMap((turn) => turn.views);
const growing = () => views().filter((view) => view.answer.isGrowing);
const panel = new Panel(views, () => views().forEach((view) => view.refresh()));
const card = new Card(() => {
  marked?.mark(-1);
  marked = null;
});
const settings = new Settings(() => loadModels());

const on = {
  pick(view, index, anchor, x) {
    if (marked !== view) marked?.mark(-1);
    marked = view;
    view.mark(index);
    card.show(view.answer.tokens[index], index, anchor, x);
  },
  leave: () => card.leave(),
  again: (view) => askAgain(view),
};

// The server

const isReady = () => server === 'ready' && !needsKey;

function showStatus() {
  const word = growing().length ? 'busy' : needsKey && server !== 'offline' ? 'locked' : server;
  byId('status').dataset.state = word;
  const said = WORDS[word] ?? 'Connecting';
  if (byId('status').lastChild.textContent !== said) byId('status').lastChild.textContent = said;
  byId('send').disabled = !isReady();
  byId('send').hidden = growing().length > 0;
  byId('stop').hidden = growing().length === 0;
}

function notice(text, action) {
  const box = byId('notice');
  box.replaceChildren(...(text ? [el('span', {}, text)] : []), ...(action ? [action] : []));
  box.hidden = !text;
}

const look = watch((now, before) => {
  server = now;
  if (now === 'offline') notice('The server cannot be reached. This page tries again by itself, and keeps what you have written.');
  else if (before === 'offline') notice('');
  if (now !== 'offline' && (before === 'offline' || byId('model-a').options.length === 0)) loadModels();
  showStatus();
});

async function loadModels() {
  try {
    const names = await models();
    for (const [id, place] of [['model-a', 0], ['model-b', 1]]) {
      const before = byId(id).value;
      byId(id).replaceChildren(...names.map((name) => el('option', {value: name}, name)));
      byId(id).value = names.includes(before) ? before : names[Math.min(place, names.length - 1)];
    }
    if (needsKey) notice('');
    needsKey = false;
  } catch (failure) {
    if (failure.status === 401) locked();
    else if (failure.status) notice(failure.message);
  }
  showStatus();
}

function locked() {
  needsKey = true;
  const enter = el('button', {type: 'button', className: 'quiet'}, 'Enter the key');
  enter.addEventListener('click', () => settings.openForKey());
  notice(key.get() ? 'The server does not know this key.' : 'This server asks for a key.', enter);
}

// Turns

const chosen = () => [byId('model-a').value, ...(byId('model-b').hidden ? [] : [byId('model-b').value])];

/** What a model is sent: the turns before, with its own answers, and the question. */
function messages(turn, lane) {
  const all = settings.system ? [{role: 'system', content: settings.system}] : [];
  for (const earlier of turns.slice(0, turns.indexOf(turn))) {
    const view = earlier.views[lane] ?? earlier.views[0];
    if (!view.answer.text) continue;
    all.push({role: 'user', content: earlier.question}, {role: 'assistant', content: view.answer.text});
  }
  return [...all, {role: 'user', content: turn.question}];
}

function ask(question) {
  byId('welcome').hidden = true;
  const lanes = el('div', {className: 'lanes'});
  const heading = el('h2', {className: 'question'}, el('span', {className: 'hidden'}, 'You: '), question);
  const turn = {question, views: [], lanes};
  turns.push(turn);
  byId('transcript').append(el('article', {className: 'turn'}, heading, lanes));
  chosen().forEach((model, lane) => start(turn, lane, model));
  byId('transcript').scrollTop = byId('transcript').scrollHeight;
}

function start(turn, lane, model) {
  const answer = new Answer(model);
  const view = new AnswerView(answer, () => panel.look, on);
  const before = turn.views[lane];
  before ? before.node.replaceWith(view.node) : turn.lanes.append(view.node);
  turn.views[lane] = view;
  turn.lanes.classList.toggle('two', turn.views.length > 1);
  let drawn = false;
  answer.grow({...settings.request(), messages: messages(turn, lane)}, () => {
    if (drawn && answer.isGrowing) return;
    drawn = true;
    requestAnimationFrame(() => {
      drawn = false;
      grown(view);
    });
  });
  showStatus();
}

function grown(view) {
  const box = byId('transcript');
  const follows = box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  view.refresh();
  if (follows) box.scrollTop = box.scrollHeight;
  if (view.answer.isGrowing) return;
  ended(view);
}

function ended(view) {
  const {answer} = view;
  panel.learn(answer);
  panel.refresh();
  if (answer.locked) locked();
  if (answer.lost) look();
  const {signal: id, threshold} = panel.look;
  byId('live').textContent = answer.state === 'failed' ? '' : `${answer.model} has ${answer.state === 'stopped' ? 'stopped' : 'answered'}: `
    + `${answer.text.slice(0, 400)} ${answer.tokens.length} tokens, ${view.flagged(signal(id), threshold)} flagged.`;
  showStatus();
}

function askAgain(view) {
  const turn = turns.find((one) => one.views.includes(view));
  start(turn, turn.views.indexOf(view), view.answer.model);
}

function stop() {
  for (const view of growing()) view.answer.stop();
}

function fresh() {
  stop();
  turns = [];
  byId('transcript').replaceChildren(byId('welcome'));
  byId('welcome').hidden = false;
  card.hide();
  panel.refresh();
  byId('question').focus();
}

// What people do

function send(event) {
  event?.preventDefault();
  const box = byId('question');
  const question = box.value.trim();
  if (!question || !isReady() || growing().length) return;
  box.value = '';
  size();
  ask(question);
}

function size() {
  const box = byId('question');
  box.style.height = 'auto';
  box.style.height = Math.min(box.scrollHeight + 2, innerHeight * 0.4) + 'px';
}

function compare() {
  const second = byId('model-b');
  second.hidden = !second.hidden;
  document.querySelector('.versus').hidden = second.hidden;
  byId('compare').setAttribute('aria-pressed', String(!second.hidden));
}

function openPanel(open) {
  byId('panel').classList.toggle('open', open);
  byId('panel-open').setAttribute('aria-expanded', String(open));
  (open ? byId('panel-close') : byId('panel-open')).focus();
}

function keys(event) {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    if (card.isOpen) card.hide();
    else if (byId('panel').classList.contains('open')) openPanel(false);
    else stop();
  } else if (event.key === '/' && !event.target.closest('input, textarea, select')) {
    event.preventDefault();
    byId('question').focus();
  }
}

byId('composer').addEventListener('submit', send);
byId('question').addEventListener('input', size);
byId('question').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
});
byId('stop').addEventListener('click', stop);
byId('new').addEventListener('click', fresh);
byId('compare').addEventListener('click', compare);
byId('panel-open').addEventListener('click', () => openPanel(true));
byId('panel-close').addEventListener('click', () => openPanel(false));
byId('export').addEventListener('click', () => byId('export-dialog').showModal());
byId('export-json').addEventListener('click', () => saveJson(turns, panel.look));
byId('export-html').addEventListener('click', () => saveHtml(turns, panel.look));
for (const example of document.querySelectorAll('.examples button')) {
  example.addEventListener('click', () => {
    byId('question').value = example.textContent;
    send();
  });
}
document.addEventListener('keydown', keys);
byId('transcript').addEventListener('scroll', () => card.follow(), {passive: true});
byId('question').focus();
