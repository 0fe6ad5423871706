// What is known of each signal: its name, its scale, which side is risky, and what is flagged at first.

export const SIGNALS = [
  {id: 'surprise', name: 'Surprise', unit: 'nats', risky: 'high', from: 0, to: 8, clear: 0.4, full: 5, start: 2.3,
    about: 'Minus the logarithm of the probability of the token that was written. 2.3 nats is one chance in ten.'},
  {id: 'entropy', name: 'Entropy', unit: 'nats', risky: 'high', from: 0, to: 8, clear: 0.5, full: 4.5, start: 2,
    about: 'How widely the model spread its bets over the vocabulary, whichever token it wrote then.'},
  {id: 'hbar_s', name: 'hbar', unit: '', risky: 'low', from: 0, to: 3, clear: 1.3, full: 0.6, start: 0.8,
    about: 'Concentration of the bets times spread of the layers. Calibration finds low values risky, so low ones are shaded.'},
  {id: 'pri', name: 'PRI', unit: 'nats', risky: 'high', from: 0, to: 9, clear: 0.4, full: 6, start: 2.5,
    about: 'Predictive Rupture Index: surprise, raised where the hidden state turned.'},
  {id: 'risk', name: 'Risk', unit: '', risky: 'high', from: 0, to: 1, clear: 0.25, full: 1, start: 0.5,
    about: 'The calibrated risk of the parameters or detector that the server was started with.'},
];

/** Signals that a token's card shows beside those above. */
export const OTHERS = [
  ['max_prob', '1 − largest probability'],
  ['margin', 'Margin (second − first)'],
  ['renyi', 'Rényi'],
  ['fisher_rao', 'Fisher–Rao'],
  ['self_certainty', 'Self-certainty'],
  ['topk_negentropy', 'Top-k negentropy'],
  ['boosted_prob', 'Boosted probability'],
];

export const signal = (id) => SIGNALS.find((one) => one.id === id);

/** How strongly a value is shaded, 0 to 1. */
export function share(of, value) {
  if (value === undefined) return 0;
  return Math.min(1, Math.max(0, (value - of.clear) / (of.full - of.clear))) ** 0.8;
}

/** Whether a value lies on the risky side of a threshold. */
export function isFlagged(of, value, threshold) {
  if (value === undefined) return false;
  return of.risky === 'high' ? value >= threshold : value <= threshold;
}

/** A number for people: three digits that count. */
export function shown(value) {
  if (value === undefined || value === null) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A probability for people: one that is not 0 does not look like 0. */
export function percent(probability) {
  const value = probability * 100;
  return value < 0.1 ? '< 0.1 %' : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}

export const withUnit = (of, value) => shown(value) + (of.unit && value !== undefined ? ' ' + of.unit : '');

/** A token's text with what is invisible made visible. */
export function visible(text) {
  if (text === '') return '∅';
  return text.replaceAll('\n', '⏎').replaceAll('\t', '⇥').replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}

/** The drift of every block, of the answers that have it. */
export function drifts(token) {
  const all = [];
  for (let block = 0; `drift_${block}` in token.signals; block++) all.push(token.signals[`drift_${block}`]);
  return all;
}
