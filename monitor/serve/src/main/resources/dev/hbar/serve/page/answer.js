// What is known of one answer of one model, while it grows and after.

import {chat, ServerError} from './api.js';

export class Answer {
  constructor(model) {
    this.model = model;
    this.text = '';
    this.reasoning = '';
    this.tokens = [];
    this.owners = [];
    this.state = 'waiting';
    this.error = '';
    this.summary = {};
    this.finish = '';
    this.usage = null;
    this.started = performance.now();
    this.first = 0;
    this.last = 0;
    this.stopper = new AbortController();
  }

  /** The token that a place in the text belongs to, or -1. */
  owner = (place) => this.owners[place] ?? -1;

  get isGrowing() {
    return this.state === 'waiting' || this.state === 'growing';
  }

  get perSecond() {
    return this.tokens.length > 1 ? ((this.tokens.length - 1) * 1000) / Math.max(1, this.last - this.first) : 0;
  }

  /** Asks, and calls changed whenever there is more. Never throws. */
  async grow(request, changed) {
    try {
      for await (const chunk of chat({...request, model: this.model}, this.stopper.signal)) {
        this.add(chunk);
        changed(this);
      }
      this.state = 'done';
    } catch (failure) {
      this.fail(failure);
    }
    changed(this);
  }

  fail(failure) {
    if (failure.name === 'AbortError') {
      this.state = 'stopped';
      return;
    }
    this.state = 'failed';
    this.lost = failure instanceof ServerError && failure.status === 0;
    this.locked = failure.status === 401;
    this.error = failure.message;
  }

  stop() {
    this.stopper.abort();
  }

  add(chunk) {
    if (chunk.usage) this.usage = chunk.usage;
    const choice = chunk.choices[0];
    if (!choice) return;
    const {delta, uncertainty} = choice;
    this.reasoning += delta.reasoning_content ?? delta.reasoning ?? '';
    if (choice.finish_reason) {
      this.finish = choice.finish_reason;
      this.summary = uncertainty ?? {};
    } else if (uncertainty) {
      this.token(uncertainty, choice.logprobs?.content ?? []);
    }
    this.write(delta.content ?? '');
  }

  token({id, text, flagged, ...signals}, described) {
    this.last = performance.now();
    this.first ||= this.last;
    this.state = 'growing';
    const [entry] = described;
    this.tokens.push({
      id,
      text: text || entry?.token || '',
      signals,
      probability: entry ? Math.exp(entry.logprob) : Math.exp(-signals.surprise),
      alternatives: (entry?.top_logprobs ?? []).map((other) => ({text: other.token, probability: Math.exp(other.logprob)})),
    });
  }

  write(text) {
    for (let i = 0; i < text.length; i++) this.owners.push(this.tokens.length - 1);
    this.text += text;
  }

  /** What is exported of it. */
  toJSON() {
    const {model, text, reasoning, state, finish, error, summary, usage, tokens} = this;
    return {model, text, reasoning: reasoning || undefined, state, finish, error: error || undefined, summary, usage, tokens};
  }
}
