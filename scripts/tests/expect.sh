# shellcheck shell=bash
# What the tests of the scripts are written with. A test runs under set -e in an empty folder; its last line says why it failed.

fail() {
  echo "$*"
  exit 1
}

skip() {
  echo "$*"
  exit 77
}

# refused COMMAND...: runs it, wants it to fail, and leaves what it said on both outputs in $said.
refused() {
  if said=$("$@" 2>&1); then fail "$* succeeded: $said"; fi
}

# accepted COMMAND...: runs it, wants it to succeed, and leaves what it said in $said.
accepted() {
  said=$("$@" 2>&1) || fail "$* failed: $said"
}

says() { case $said in *"$1"*) ;; *) fail "expected '$1' in: $said" ;; esac }

says_nothing_of() { case $said in *"$1"*) fail "did not expect '$1' in: $said" ;; esac }

one_line() { [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] || fail "expected one line: $said"; }

# fake_jdk FOLDER VERSION [ARCH]: what a JDK looks like from outside.
fake_jdk() {
  mkdir -p "$1/bin"
  printf '#!/bin/sh\n' >"$1/bin/javac"
  chmod +x "$1/bin/javac"
  printf 'IMPLEMENTOR="Nobody"\nJAVA_VERSION="%s"\nOS_ARCH="%s"\n' "$2" "${3:-x86_64}" >"$1/release"
}

# fake_wheel FOLDER FILE: a small wheel that pip accepts as PACKAGE-VERSION-TAGS.whl, under PIP's own rules.
fake_wheel() {
  mkdir -p "$1"
  python3 - "$1/$2" <<'PYTHON'
import sys, zipfile
path = sys.argv[1]
name, version, *tags = path.split("/")[-1][:-len(".whl")].split("-")
with zipfile.ZipFile(path, "w") as out:
    info = f"{name}-{version}.dist-info/"
    out.writestr(info + "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    out.writestr(info + "WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {'-'.join(tags)}\n")
    out.writestr(info + "RECORD", "")
    out.writestr("payload.txt", "what the wheel carries\n" * 50)
PYTHON
}
