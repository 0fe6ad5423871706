// Uses the server's page in headless Chromium: node page.mjs HBAR CHECKPOINT DETECTOR FOLDER
// FOLDER gets the screenshots; it must lie beside a node_modules with this folder's packages.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {once} from 'node:events';

const [hbar, checkpoint, detector, folder] = process.argv.slice(2);
const require = createRequire(join(folder, 'page.mjs'));
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

async function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const {default: packed} = await import(require.resolve('@sparticuz/chromium'));
  return packed.executablePath();
}

/** A server of our own, on a port that stays the same when it is started again. */
class Server {
  port = 0;

  async start(...options) {
    this.process = spawn(hbar, ['serve', checkpoint, join(folder, 'second'), '--port', String(this.port), ...options], {stdio: ['ignore', 'pipe', 'inherit']});
    let said = '';
    this.process.stdout.on('data', (data) => (said += data));
    while (!/:(\d+)\n/.test(said)) {
      assert.equal(this.process.exitCode, null, 'the server ended: ' + said);
      await new Promise((done) => setTimeout(done, 50));
    }
    this.port = Number(/:(\d+)\n/.exec(said)[1]);
  }

  async stop(signal = 'SIGTERM') {
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}

const server = new Server();
const READY = {timeout: 300_000};
const tests = [];
const test = (name, run, settings = {}) => tests.push({name, run, settings});

async function open(page) {
  await page.goto(`http://localhost:${server.port}/`);
  await page.waitForSelector('#status[data-state=ready]', READY);
}

/** Settings as a person would find them, short answers. */
async function limit(page, tokens) {
  await page.addInitScript((most) => localStorage.setItem('hbar.max-tokens', JSON.stringify(most)), String(tokens));
  await open(page);
}

async function ask(page, question) {
  await page.fill('#question', question);
  await page.press('#question', 'Enter');
}

const answered = (page) => page.waitForFunction(() => {
  const all = [...document.querySelectorAll('.answer')];
  return all.length > 0 && all.every((one) => !one.querySelector('.text.growing')) && document.querySelector('#status').dataset.state === 'ready';
}, null, READY);

async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  assert.deepEqual(found.violations.map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`), []);
}

test('stream_shadesTokensAsTheyCome', async (page) => {
  await limit(page, 40);
  assert.equal(await page.isHidden('#histogram'), true, 'nothing to picture yet');
  await ask(page, 'Name three colours and say where each is seen.');
  await page.waitForSelector('.answer .text.growing .t', READY);
  const early = await page.locator('.answer .t').count();
  await answered(page);
  const late = await page.locator('.answer .t').count();
  assert.ok(late > early && early > 0, `tokens grew from ${early} to ${late}`);
  const shades = await page.$$eval('.answer .t', (all) => all.map((one) => Number(one.style.getPropertyValue('--s'))));
  assert.ok(Math.max(...shades) > 0.1 && Math.min(...shades) < 0.05, 'some are shaded, some are not');
  await page.hover('.answer .t >> nth=2');
  const card = await page.textContent('#card');
  for (const word of ['Surprise', 'Entropy', 'hbar', 'PRI', 'Risk', 'It might have said']) assert.ok(card.includes(word), word);
  assert.equal(await page.locator('.timeline svg.bars').count(), 5);
  await page.screenshot({path: join(folder, 'stream.png')});
});

test('threshold_draggedFlagsWhatLiesBeyond', async (page) => {
  await limit(page, 30);
  await ask(page, 'Tell me about the sea.');
  await answered(page);
  await page.click('label:has([value=surprise])');
  const at = async (value) => {
    await page.fill('#threshold', String(value));
    const said = await page.textContent('#flagged');
    return [Number(said.split(' ')[0]), await page.locator('.answer .meta').textContent()];
  };
  assert.equal((await at(23))[0], 0);
  const [all, meta] = await at(0);
  assert.ok(all > 10 && meta.includes(`${all} flagged`), meta);
  assert.ok((await page.locator('.t.flagged').count()) > 0);
});

test('stop_keepsWhatWasWritten', async (page) => {
  await limit(page, 400);
  await ask(page, 'Write a long story about a lighthouse.');
  await page.waitForSelector('.answer .t >> nth=5', READY);
  await page.keyboard.press('Escape');
  await answered(page);
  assert.ok((await page.textContent('.answer .meta')).includes('stopped by you'));
  const count = await page.locator('.answer .t').count();
  await page.waitForTimeout(700);
  assert.equal(await page.locator('.answer .t').count(), count);
});

test('error_isSaidWhereTheAnswerWouldBe', async (page) => {
  await limit(page, 90000);
  await ask(page, 'Hello');
  await page.waitForSelector('.problem:not([hidden])', READY);
  assert.ok((await page.textContent('.problem')).includes('context'));
  await page.evaluate(() => (document.getElementById('max-tokens').value = 8));
  await page.click('.problem button');
  await answered(page);
  assert.equal(await page.locator('.answer').count(), 1);
  assert.ok((await page.locator('.answer .t').count()) > 0);
}, {mayLog: true});

test('markup_ofAModelIsTextOnThePage', async (page) => {
  const text = '<img src=x onerror="window.broken = 1"> **bold** [a](javascript:alert(1)) [b](https://github.com) `code`\n\n```html\n<script>window.broken = 1</script>\n```\n| a | b |\n|---|---|\n| 1 | *2* |\n\n1. one\n   - two\n2. three';
  await page.route('**/v1/chat/completions', (route) => route.fulfill({contentType: 'text/event-stream', body: stream(text)}));
  await limit(page, 8);
  await ask(page, 'Anything');
  await answered(page);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator('.text img, .text script').count(), 0);
  assert.equal(await page.locator('.text strong').textContent(), 'bold');
  assert.deepEqual(await page.$$eval('.text a', (all) => all.map((one) => one.href)), ['https://github.com/']);
  assert.equal(await page.locator('.text pre').textContent(), '<script>window.broken = 1</script>');
  assert.equal(await page.locator('.text td em').textContent(), '2');
  assert.equal(await page.locator('.text ol > li').count(), 2);
  assert.equal(await page.locator('.text ol ul li').textContent(), 'two');
  await page.check('#raw');
  assert.equal(await page.locator('.text').textContent(), text);
});

/** A stream of one token per three characters. */
function stream(text) {
  const pieces = text.match(/[\s\S]{1,3}/g);
  const chunks = pieces.map((content, i) => ({choices: [{index: 0, delta: {content}, finish_reason: null,
    logprobs: {content: [{token: content, logprob: -0.5, top_logprobs: []}]}, uncertainty: {id: i, text: content, surprise: 0.5, entropy: 1, hbar_s: 1, pri: 0.5}}]}));
  chunks.push({choices: [{index: 0, delta: {}, finish_reason: 'stop', uncertainty: {}}]});
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + 'data: [DONE]\n\n';
}

test('keyboard_isEnough', async (page) => {
  await limit(page, 24);
  await page.keyboard.type('What is the moon?');
  await page.keyboard.press('Enter');
  await answered(page);
  const focused = () => page.evaluate(() => document.activeElement.className.split(' ')[0] + ' ' + (document.activeElement.dataset.i ?? document.activeElement.id));
  for (let i = 0; i < 30 && !(await focused()).startsWith('t '); i++) await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(), 't 0');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 't 1');
  assert.ok((await page.textContent('#card')).includes('token 2'));
  assert.equal(await page.getAttribute('.t >> nth=1', 'aria-describedby'), 'card');
  await page.keyboard.press('Escape');
  assert.equal(await page.isHidden('#card'), true);
  await page.keyboard.press('/');
  assert.equal((await focused()).trim(), 'question');
  for (let i = 0; i < 12 && !(await focused()).endsWith('threshold'); i++) await page.keyboard.press('Tab');
  const before = await page.inputValue('#threshold');
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await page.inputValue('#threshold'), before);
});

test('twoModels_answerSideBySide_andBothAreExported', async (page) => {
  await limit(page, 16);
  await page.click('#compare');
  await ask(page, 'Say hello.');
  await answered(page);
  assert.deepEqual(await page.locator('.answer h3').allTextContents(), [checkpoint.split('/').at(-1), 'second']);
  const boxes = await page.$$eval('.answer', (all) => all.map((one) => one.getBoundingClientRect().x));
  assert.ok(boxes[1] > boxes[0] + 200, 'beside each other');
  await page.screenshot({path: join(folder, 'two.png')});
  const saved = await download(page, '#export-json');
  const {turns} = JSON.parse(saved);
  assert.equal(turns[0].question, 'Say hello.');
  assert.deepEqual(turns[0].answers.map((answer) => answer.tokens.length > 3 && answer.tokens[0].alternatives.length), [6, 6]);
  const html = await download(page, '#export-html');
  assert.ok(html.includes('Say hello.') && !/<script|src="(?!data:)|<link/.test(html), 'nothing to load');
  const file = join(folder, 'exported.html');
  writeFileSync(file, html);
  await page.goto('file://' + file);
  assert.equal(await page.locator('.answer').count(), 2);
  assert.ok((await page.$$eval('.t', (all) => all.map((one) => getComputedStyle(one).backgroundColor))).some((colour) => !/ 0\)$/.test(colour)), 'shaded');
  await accessible(page, 'exported page');
  await page.screenshot({path: join(folder, 'exported.png'), fullPage: true});
  await page.setViewportSize({width: 400, height: 860});
  await page.emulateMedia({colorScheme: 'dark', reducedMotion: 'reduce'});
  await accessible(page, 'exported page, narrow and dark');
  await page.screenshot({path: join(folder, 'exported-400-dark.png'), fullPage: true});
}, {mayLog: true});

async function download(page, button) {
  if (await page.isHidden('#export-dialog')) await page.click('#export');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return readFileSync(await file.path(), 'utf8');
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1400, 400]) {
    test(`axe_${colorScheme}_${width}_findsNothing`, async (page) => {
      await limit(page, 40);
      const shot = (name) => page.screenshot({path: join(folder, `${name}-${width}-${colorScheme}.png`)});
      await accessible(page, 'welcome');
      await shot('welcome');
      await ask(page, 'Give me a numbered list of three fruits with one sentence about each.');
      await answered(page);
      await accessible(page, 'answer');
      await page.locator('.drift summary').click();
      await page.locator('.map-frame').focus();
      await page.keyboard.press('ArrowRight');
      assert.ok((await page.textContent('.map-said')).startsWith('Layer 29, token 2'));
      await page.locator('.numbers summary').click();
      await accessible(page, 'pictures');
      await shot('pictures');
      await page.locator('.t').nth(3).focus();
      await accessible(page, 'card');
      await shot('card');
      await page.keyboard.press('Escape');
      if (width < 1000) {
        await page.click('#panel-open');
        await accessible(page, 'panel');
        await shot('panel');
        await page.click('#panel-close');
      }
      await page.click('#settings');
      await accessible(page, 'settings');
      await shot('settings');
      await page.click('#settings-dialog .primary');
      await page.click('#export');
      await accessible(page, 'export');
      await shot('export');
      await page.keyboard.press('Escape');
      await page.evaluate(() => (document.getElementById('max-tokens').value = 90000));
      await ask(page, 'And a fourth?');
      await page.waitForSelector('.problem:not([hidden])', READY);
      await accessible(page, 'problem');
      await shot('problem');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    }, {colorScheme, mayLog: true, viewport: {width, height: width > 1000 ? 900 : 860}});
  }
}

test('serverGone_isSaid_andTheAnswerGoesOnWhenItIsBack', async (page) => {
  await limit(page, 400);
  await ask(page, 'Write a long story about a bridge.');
  await page.waitForSelector('.answer .t >> nth=3', READY);
  await server.stop('SIGKILL');
  await page.waitForSelector('#status[data-state=offline]', READY);
  await page.waitForSelector('.problem:not([hidden])', READY);
  assert.ok(await page.isVisible('#notice'));
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    for (const width of [400, 1400]) {
      await page.setViewportSize({width, height: 860});
      await accessible(page, 'offline');
      await page.screenshot({path: join(folder, `offline-${width}-${colorScheme}.png`)});
    }
  }
  assert.ok((await download(page, '#export-html')).includes('a bridge'), 'a conversation can be saved without its server');
  await page.keyboard.press('Escape');
  await page.fill('#question', 'a draft');
  await server.start('--detector', detector);
  await page.waitForSelector('#status[data-state=ready]', READY);
  assert.ok(await page.isHidden('#notice'));
  assert.equal(await page.inputValue('#question'), 'a draft');
  await page.evaluate(() => (document.getElementById('max-tokens').value = 8));
  await page.click('.problem button');
  await answered(page);
  assert.ok((await page.locator('.answer .t').count()) > 0);
}, {mayLog: true});

test('keyIsAsked_andKeptForThisTab', async (page) => {
  const keys = join(folder, 'keys');
  writeFileSync(keys, 'open-sesame\n', {mode: 0o600});
  await server.stop();
  await server.start('--api-key-file', keys);
  try {
    await page.goto(`http://localhost:${server.port}/`);
    await page.waitForSelector('#status[data-state=locked]', READY);
    await page.click('#notice button');
    await page.keyboard.type('wrong');
    await page.click('#settings-dialog .primary');
    await page.waitForFunction(() => document.querySelector('#notice').textContent.includes('does not know'), null, READY);
    await page.click('#notice button');
    await page.fill('#key', 'open-sesame');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#status[data-state=ready]', READY);
    await page.evaluate(() => (document.getElementById('max-tokens').value = 4));
    await ask(page, 'Hello');
    await answered(page);
    assert.equal(await page.locator('.answer .t').count() > 0, true);
    assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('sesame')), false);
  } finally {
    await server.stop();
    await server.start('--detector', detector);
  }
}, {mayLog: true});

async function run(browser) {
  let failed = 0;
  for (const {name, run, settings: {mayLog, ...settings}} of tests) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
    const context = await browser.newContext({viewport: {width: 1400, height: 900}, ...settings});
    const page = await context.newPage();
    const said = [];
    page.on('pageerror', (error) => said.push(error.stack));
    page.on('console', (message) => !mayLog && message.type() === 'error' && !message.text().includes('503') && said.push(message.text()));
    const begun = Date.now();
    try {
      await run(page);
      assert.deepEqual(said, []);
      console.log(`ok ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed++;
      console.log(`not ok ${name}: ${error.message}`);
      await page.screenshot({path: join(folder, `failed-${name}.png`)}).catch(() => {});
    }
    await context.close();
  }
  return failed;
}

mkdirSync(folder, {recursive: true});
symlinkSync(checkpoint, join(folder, 'second'));
const browser = await browserPath()
  .then((executablePath) => chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']}))
  .catch((failure) => {
    console.log('no browser starts here: ' + failure.message.split('\n')[0]);
    process.exit(77);
  });
await server.start('--detector', detector);
const failed = await run(browser).finally(() => Promise.all([browser.close(), server.stop()]));
console.log(failed ? `${failed} tests failed` : 'all passed');
process.exit(failed ? 1 : 0);
