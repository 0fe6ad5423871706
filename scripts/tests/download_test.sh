# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Downloads from a folder in place of the registry: what fits its pin is kept, what does not is refused.
# shellcheck source=scripts/lib/download.sh
. "$HBAR_ROOT/scripts/lib/download.sh"

WHEEL=hbar_probe-1.0-py3-none-any.whl

# A registry that is a folder, with one wheel in it, which is pinned as it is now.
offer_wheel() {
  fake_wheel offered $WHEEL
  WANTED=$(sha256_of offered/$WHEEL)
  pinned_sha256() { echo "$WANTED"; }
  HBAR_HOME=$PWD/home
  export PIP_NO_INDEX=1 PIP_FIND_LINKS=$PWD/offered
}

# flip FILE: changes one byte in its middle.
flip() {
  python3 -c 'import sys; f = open(sys.argv[1], "r+b"); b = bytearray(f.read()); b[len(b) // 2] ^= 1; f.seek(0); f.write(b)' "$1"
}

test_wheelOfTheRightSha256_isKept() {
  offer_wheel
  accepted fetch_wheel hbar-probe 1.0 $WHEEL
  [ "$(sha256_of home/downloads/$WHEEL)" = "$WANTED" ] || fail "not the wheel that was offered"
}

test_wheelWithAFlippedByte_isRefusedInOneLine() {
  offer_wheel
  flip offered/$WHEEL
  refused fetch_wheel hbar-probe 1.0 $WHEEL
  one_line
  says "refused $WHEEL: its sha256 is"
  [ ! -e home/downloads/$WHEEL ] || fail "it was kept all the same"
}

test_damagedKeptWheel_isFetchedAgain() {
  offer_wheel
  accepted fetch_wheel hbar-probe 1.0 $WHEEL
  flip home/downloads/$WHEEL
  accepted fetch_wheel hbar-probe 1.0 $WHEEL
  [ "$(sha256_of home/downloads/$WHEEL)" = "$WANTED" ] || fail "still the damaged one"
}

# A registry's cache with one archive in it, in place of cargo.
offer_crate() {
  HBAR_HOME=$PWD/home
  CARGO_HOME=$PWD/cargo
  mkdir -p offered cargo/registry/cache/here
  echo 'the source of something' >offered/probe-1.0.crate
  WANTED=$(sha256_of offered/probe-1.0.crate)
  downloads() { cp offered/probe-1.0.crate cargo/registry/cache/here/; }
}

test_damagedKeptArchive_isFetchedAgain() {
  offer_crate
  accepted fetch_crate probe 1.0 "$WANTED"
  flip home/downloads/probe-1.0.crate
  accepted fetch_crate probe 1.0 "$WANTED"
  [ "$(sha256_of home/downloads/probe-1.0.crate)" = "$WANTED" ] || fail "still the damaged one"
}

test_keptArchive_isNotFetchedAgain() {
  offer_crate
  accepted fetch_crate probe 1.0 "$WANTED"
  rm -r offered
  accepted fetch_crate probe 1.0 "$WANTED"
}

test_archiveWithAFlippedByte_isRefused() {
  offer_crate
  flip offered/probe-1.0.crate
  refused fetch_crate probe 1.0 "$WANTED"
  one_line
  says 'refused probe-1.0.crate: its sha256 is'
  [ ! -e home/downloads/probe-1.0.crate ] || fail "it was kept all the same"
}

test_keptWheel_needsNoRegistry() {
  offer_wheel
  accepted fetch_wheel hbar-probe 1.0 $WHEEL
  rm -r offered
  accepted fetch_wheel hbar-probe 1.0 $WHEEL
}

test_fileWithoutPin_isRefused() {
  HBAR_HOME=$PWD/home
  refused fetch_wheel left-pad 1.0 left_pad-1.0-py3-none-any.whl
  one_line
  says 'is not pinned'
}

test_packageNobodyOffers_isNamedWithPipsReason() {
  offer_wheel
  rm offered/*
  refused fetch_wheel hbar-probe 1.0 $WHEEL
  says 'could not download hbar-probe 1.0: ERROR: '
}
