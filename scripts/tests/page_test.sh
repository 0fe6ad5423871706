# shellcheck shell=bash disable=SC2154
# The server's page in headless Chromium, which npm brings; CHROMIUM names another one, HBAR_PAGE_SHOTS a folder for screenshots.

test_pageInABrowser_works() {
  command -v npm >/dev/null || skip 'no npm, so no browser'
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  tools=$HBAR_HOME/tools/page-test
  mkdir -p "$tools"
  if ! cmp -s "$HBAR_ROOT/scripts/tests/page/package.json" "$tools/package.json"; then
    cp "$HBAR_ROOT/scripts/tests/page/package.json" "$tools/package.json.new"
    mkdir -p fresh && cp "$tools/package.json.new" fresh/package.json
    (cd fresh && npm install --no-package-lock --no-audit --no-fund >npm.log 2>&1) || skip 'npm cannot fetch the browser'
    rm -rf "$tools" && mv fresh "$tools"
  fi
  ln -s "$tools/node_modules" node_modules
  status=0
  node "$HBAR_ROOT/scripts/tests/page/page.mjs" "$HBAR_ROOT/scripts/hbar" "$CHECKPOINT" \
    "$HBAR_ROOT/calibrated_params/detectors/SmolLM2-135M-Instruct-4bit-dialogue" "$PWD/shots" || status=$?
  [ -z "${HBAR_PAGE_SHOTS:-}" ] || { mkdir -p "$HBAR_PAGE_SHOTS" && cp shots/*.png "$HBAR_PAGE_SHOTS/"; }
  [ $status -ne 77 ] || skip 'no browser starts here'
  [ $status -eq 0 ] || fail 'the page failed in the browser'
}
