#!/usr/bin/env bash
# Opens a page of hbar report in headless Chromium, 1200 and 400 pixels wide: every picture must be shown, nothing may be
# written to the console, and only tables may be wider than the window. Run by hand, for a browser is needed.
#
# scripts/tests/report_browser.sh PAGE.html [FOLDER]
#   FOLDER   gets a screenshot for each width (default: beside the page)
# CHROMIUM names the browser (default: chromium, chromium-browser or google-chrome on the PATH).
set -euo pipefail
# shellcheck source=scripts/lib/project.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/project.sh"

case ${1:-} in --help | -h | '') help_and_exit ;; esac
[ -r "$1" ] || wrong_usage "$1: no such page"
page=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=${2:-$(dirname "$page")}
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$browser" ] || wrong_usage 'no Chromium on the PATH; install one, or name it in CHROMIUM'

work=$(mktemp -d "${TMPDIR:-/tmp}/hbar-page.XXXXXX")
trap 'rm -rf "$work"' EXIT
# A copy that tells the frame around it what it shows.
cp "$page" "$work/page.html"
cat >>"$work/page.html" <<'SCRIPT'
<script>
addEventListener('load', () => {
  const pictures = [...document.querySelectorAll('figure svg')];
  parent.postMessage('pictures ' + pictures.length
    + ', missing ' + pictures.filter((p) => p.getBBox().width === 0).length
    + ', sections ' + document.querySelectorAll('h2').length
    + ', pixels too wide: ' + (document.documentElement.scrollWidth - document.documentElement.clientWidth), '*');
});
</script>
SCRIPT

# chromium ARGUMENT...: a run with a profile of its own.
chromium() {
  "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" \
    --allow-file-access-from-files --virtual-time-budget=20000 --enable-logging=stderr --log-level=0 "$@"
}

status=0
for width in 1200 400; do
  # A window has a smallest width; a frame has none.
  cat >"$work/frame.html" <<FRAME
<!DOCTYPE html><title>frame</title><style>body { margin: 0 }</style><output hidden></output>
<script>addEventListener('message', (e) => { document.querySelector('output').textContent = e.data; });</script>
<iframe src="page.html" width="$width" height="2400" style="border: 0"></iframe>
FRAME
  chromium --dump-dom "file://$work/frame.html" >"$work/dom" 2>"$work/log"
  found=$(sed -n 's/.*<output hidden="">\(.*\)<\/output>.*/\1/p' "$work/dom")
  said=$(grep 'CONSOLE' "$work/log" || true)
  echo "$width px: ${found:-the page did not load}${said:+; console: $said}"
  case $found in pictures\ 0,* | '') status=1 ;; *', missing 0, '*' too wide: 0') ;; *) status=1 ;; esac
  [ -z "$said" ] || status=1
  picture=$folder/$(basename "${page%.html}")-$width.png
  chromium --screenshot="$picture" --window-size=1200,2400 "file://$work/frame.html" >/dev/null 2>&1
  echo "screenshot: $picture"
done
exit $status
