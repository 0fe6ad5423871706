# shellcheck shell=bash
# What scripts/attack/cases is written with: the folder in which cases run, altered files, and one verdict for each.

# begin TEXT...: a folder with a checkpoint, scores and parameters made by hbar itself; cases are those that hold a text.
begin() {
  chosen=("$@") count=0 failed=0
  if [ ! -f "$CHECKPOINT/config.json" ] || [ ! -d "$HALUEVAL" ]; then
    echo "cases: no checkpoint or no data; run scripts/fetch" >&2
    exit 1
  fi
  place=$(mktemp -d "${TMPDIR:-/tmp}/hbar-cases.XXXXXX")
  trap 'rm -rf "$place"' EXIT
  cd "$place" || exit 1
  cp -RL "$CHECKPOINT" model
  echo '{{ messages[0].content }}' >t.jinja
  echo '{"messages": [{"role": "user", "content": "x"}]}' >talk.jsonl
  if ! {
    "$HBAR_ROOT/scripts/hbar" score model --data "$HALUEVAL" --set train --n 12 --max-tokens 2 --out train.jsonl &&
      "$HBAR_ROOT/scripts/hbar" calibrate --scores train.jsonl --resamples 50 --out params.json
  } >out 2>err; then
    cat err >&2
    exit 1
  fi
}

# altered FOLDER FILE PYTHON: a copy of the checkpoint, its weights linked, in which a document d was changed.
altered() {
  rm -rf "$1"
  mkdir "$1"
  cp model/*.json "$1/"
  ln model/model.safetensors "$1/"
  python3 -c "
import json, sys
path = sys.argv[1]
d = json.load(open(path))
$3
json.dump(d, open(path, 'w'))" "$1/$2"
}

# changed FILE COPY AFTER: the first digit that may change behind the last such text is another one.
changed() {
  python3 -c "
import re, sys
text = open(sys.argv[1]).read()
at = re.compile(r'\d').search(text, text.rindex(sys.argv[3]) + len(sys.argv[3])).start()
open(sys.argv[2], 'w').write(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1:])" "$1" "$2" "$3"
}

# published VALUE RECORDS CLASSES FILE: scores as others have published them, of this size, right ones only or both.
published() {
  python3 -c "
import json, sys
value, records, classes = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rows = [{'sample_id': f'qa_{i}_{k}', 'hbar_s': value * (1 - k / 2) * (1 + i / 99), 'pri': value, 'label': k % classes} for i in range(records) for k in (0, 1)]
json.dump({'scores_by_sample': rows}, open(sys.argv[4], 'w'))" "$@"
}

# broken_weights: a copy of the checkpoint whose last norm is not a number.
broken_weights() {
  altered broken config.json ''
  rm broken/model.safetensors
  python3 -c "
import json, struct
raw = bytearray(open('model/model.safetensors', 'rb').read())
size = struct.unpack('<Q', raw[:8])[0]
head = json.loads(raw[8:8 + size])
begin, end = head['model.norm.weight']['data_offsets']
raw[8 + size + begin:8 + size + end] = b'\x00\x7e' * ((end - begin) // 2)
open('broken/model.safetensors', 'wb').write(raw)"
}

# interrupted COMMAND SECONDS: a command that presses Ctrl-C after so many seconds and expects the end within two.
interrupted() {
  echo "set -m; $1 >/dev/null & sleep $2; kill -INT \$!; sleep 2; kill -9 \$! 2>/dev/null; wait \$!"
}

wanted() { # wanted NAME
  local text
  [ ${#chosen[@]} -gt 0 ] || return 0
  for text in "${chosen[@]}"; do case $1 in *"$text"*) return 0 ;; esac done
  return 1
}

# problem RC CODES WORDS: what is wrong with how a case ended.
problem() {
  local lines
  case " $2 " in *" $1 "*) ;; *) echo "wanted exit $2" && return ;; esac
  [ -z "$(ls hs_err* core* 2>/dev/null)" ] || { echo 'the JVM crashed' && return; }
  [ -z "$3" ] || grep -qF -e "$3" err || { echo "does not say '$3'" && return; }
  ! grep -qE $'internal error|^\tat |Exception' err || { echo 'a trace' && return; }
  ! LC_ALL=C grep -q '[[:cntrl:]]' err || { echo 'control characters' && return; }
  if [ "$1" -eq 1 ] || [ "$1" -eq 2 ]; then
    lines=$(grep -c '^hbar: ' err)
    [ -z "$3" ] || [ "$lines" -eq 1 ] || echo "$lines lines of errors"
  fi
}

# holds NAME CODES WORDS COMMAND [SECONDS]: one case, run by bash.
holds() {
  local rc=0 begun=$SECONDS said
  wanted "$1" || return 0
  count=$((count + 1))
  timeout "${5:-60}" bash -c "$4" >out 2>err </dev/null || rc=$?
  said=$(problem "$rc" "$2" "$3")
  if [ -z "$said" ]; then
    printf 'ok    %-45s exit %-3s %2s s\n' "$1" "$rc" $((SECONDS - begun))
  else
    failed=$((failed + 1))
    printf 'FAILS %-45s exit %-3s %2s s  %s: %s\n' "$1" "$rc" $((SECONDS - begun)) "$said" "$(head -c 400 err | cat -v | head -n 2)"
  fi
}

finish() {
  echo "$count cases, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}
