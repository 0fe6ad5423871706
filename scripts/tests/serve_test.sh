# shellcheck shell=bash disable=SC2154,SC2034
# The server against clients that others wrote: the official Python ones, curl, and schemathesis over its own description.
# HBAR_TRANSCRIPTS names a folder that keeps what they said.

# serve: starts a server on a free port, leaves its address in $url and its process in $server.
serve() {
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  "$HBAR_ROOT/scripts/hbar" serve "$CHECKPOINT" --port 0 >serve.out 2>serve.err &
  server=$!
  trap 'kill $server 2>/dev/null; wait $server || true' EXIT
  for _ in $(seq 600); do
    url=$(sed -n 's/.* at \(http[^ ]*\)$/\1/p' serve.out)
    if [ -n "$url" ] && curl -sf "$url/ready" >/dev/null; then return; fi
    kill -0 $server 2>/dev/null || fail "the server ended: $(cat serve.err)"
    sleep 0.1
  done
  fail 'the server was not ready in a minute'
}

# python_tools PACKAGE...: an environment of these packages, made once.
python_tools() {
  tools=$HBAR_HOME/tools/serve-$(printf '%s' "$*" | tr ' ' '+')
  if [ ! -f "$tools/whole" ]; then
    rm -rf "$tools"
    python3 -m venv "$tools" >venv.log 2>&1 || skip "python3 -m venv does not work here"
    "$tools/bin/pip" install -q "$@" >pip.log 2>&1 || skip "pip cannot fetch $*"
    touch "$tools/whole"
  fi
}

kept() { [ -z "${HBAR_TRANSCRIPTS:-}" ] || { mkdir -p "$HBAR_TRANSCRIPTS" && cp "$1" "$HBAR_TRANSCRIPTS/"; }; }

test_officialPythonClients_understandEveryProtocol() {
  python_tools openai anthropic
  serve
  "$tools/bin/python" "$HBAR_ROOT/scripts/tests/serve/clients.py" "$url" >clients.txt 2>&1 || fail "$(tail -n 3 clients.txt)"
  kept clients.txt
}

test_curl_getsAnAnswerAStreamAndAnError() {
  serve
  body='{"messages": [{"role": "user", "content": "What is the capital of France?"}], "max_tokens": 8'
  {
    curl -sS "$url/v1/chat/completions" -d "$body}"
    curl -sSN "$url/v1/chat/completions" -d "$body, \"stream\": true}"
    curl -sS -w '%{http_code}\n' "$url/v1/chat/completions" -d "$body, \"n\": 0}"
  } >curl.txt
  said=$(cat curl.txt)
  says 'Paris'
  says 'data: [DONE]'
  says '"param":"n"'
  says 400
  kept curl.txt
}

test_schemathesis_findsNothing() {
  python_tools schemathesis
  serve
  # What is valid by the description may still not fit into the model's context, which differs from model to model.
  SCHEMATHESIS_HOOKS=hooks PYTHONPATH=$HBAR_ROOT/scripts/tests/serve "$tools/bin/st" run "$url/openapi.json" \
    --phases examples,coverage --exclude-checks positive_data_acceptance --seed 7 --request-timeout 60 --no-color >schemathesis.txt 2>&1 ||
    fail "$(sed -n '/FAILURES/,$p' schemathesis.txt)"
  kept schemathesis.txt
}
