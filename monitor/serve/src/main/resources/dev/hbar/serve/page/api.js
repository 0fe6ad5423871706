// The server: who answers, whether it is there, and an answer as it grows.

const KEY = 'hbar.key';

export const key = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
};

/** A refusal by the server, or none at all: then status is 0. */
export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function headers() {
  return key.get() ? {'Authorization': 'Bearer ' + key.get()} : {};
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, {...options, headers: {...headers(), ...options?.headers}, cache: 'no-store'});
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ServerError(0, 'The server cannot be reached.');
  }
  if (!response.ok) throw new ServerError(response.status, await reason(response));
  return response;
}

async function reason(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return 'The server answered ' + response.status + '.';
  }
}

/** The names of the models, the default first. */
export async function models() {
  const body = await (await send('/v1/models')).json();
  return body.data.map((model) => model.id);
}

/** 'ready', 'loading' or 'offline'. */
export async function readiness() {
  try {
    await send('/ready');
    return 'ready';
  } catch (failure) {
    return failure.status === 503 ? 'loading' : 'offline';
  }
}

/** The chunks of a streamed answer. */
export async function* chat(request, signal) {
  const response = await send('/v1/chat/completions', {
    method: 'POST', body: JSON.stringify({...request, stream: true}), headers: {'Content-Type': 'application/json'}, signal,
  });
  let ended = false;
  for await (const data of events(response.body)) {
    if (data === '[DONE]') {
      ended = true;
      break;
    }
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ServerError(500, chunk.error.message);
    yield chunk;
  }
  if (!ended) throw new ServerError(0, 'The connection ended in the middle of the answer.');
}

/** The data of server-sent events. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (true) {
    const {value, done} = await read(reader);
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data: ')) yield line.slice(6);
    }
  }
}

async function read(reader) {
  try {
    return await reader.read();
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ServerError(0, 'The connection broke in the middle of the answer.');
  }
}

/** Asks whether the server is there, often while it is not, and says when that changes. */
export function watch(changed) {
  let state = '';
  let wait = 500;
  let timer = 0;
  async function look() {
    clearTimeout(timer);
    const now = await readiness();
    wait = now === 'ready' ? 10_000 : Math.min(4000, now === state ? wait * 1.5 : 500);
    if (now !== state) changed(now, state);
    state = now;
    timer = setTimeout(look, wait);
  }
  look();
  return look;
}
