# shellcheck shell=bash disable=SC2154,SC2034 # said: see expect.sh; RELEASE, WORK and URL are for release.sh
# What a release is made of, in its short form: scripts/release makes all of it and tries it from a clean root.
# shellcheck source=scripts/lib/native.sh
. "$HBAR_ROOT/scripts/lib/native.sh"
# shellcheck source=scripts/lib/natives.sh
. "$HBAR_ROOT/scripts/lib/natives.sh"
# shellcheck source=scripts/lib/release.sh
. "$HBAR_ROOT/scripts/lib/release.sh"
find_jdk

# Through a link, with no environment; AOTMode=on refuses to start where the cache does not fit.
test_unpackedImage_startsFromItsCache() {
  make_image "$PWD/made here"
  accepted make_cache "$PWD/made here"
  mkdir other bin
  tar -cf - 'made here' | tar -xf - -C other
  rm -rf 'made here'
  ln -s '../other/made here/bin/hbar' bin/hbar
  accepted env -i PATH=/usr/bin:/bin JAVA_HOME="$JDK_HOME" HBAR_JAVA_OPTS='-XX:AOTMode=on -Xlog:class+load' bin/hbar --version
  says 'dev.hbar.cli.Main source: shared objects file'
  says "hbar $VERSION"
  accepted "$BASH" -n 'other/made here/share/bash-completion/completions/hbar'
  grep -q -- '--max-tokens' 'other/made here/share/zsh/site-functions/_hbar' || fail "zsh does not complete generate's options"
}

test_imageWithoutAJava_saysSoInOneLine() {
  make_image "$PWD/made"
  mkdir none
  echo 'find_jdk() { return 1; }' >>made/lib/jdk.sh # as on a machine without any
  refused env -i PATH=/usr/bin:/bin HOME="$PWD/none" made/bin/hbar --help
  one_line
  says 'JAVA_HOME'
}

# Python's own sums are the measure.
test_formulaAndChecksums_nameTheFilesThatAreThere() {
  RELEASE=$PWD/out WORK=$PWD URL=https://localhost/v1
  mkdir -p out/maven
  for platform in $NATIVES_PLATFORMS; do echo "$platform" >"out/hbar-$VERSION-$platform.tar.gz"; done
  echo pom >out/maven/a.pom
  make_formula
  make_checksums 3>/dev/null
  # shellcheck disable=SC2086 # a list of words
  python3 - "$VERSION" $NATIVES_PLATFORMS <<'PYTHON' || fail "see above"
import hashlib, pathlib, re, sys
version, *platforms = sys.argv[1:]
out = pathlib.Path("out")
sums = {str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in out.rglob("*") if file.is_file() and file.name != "SHA256SUMS"}
assert dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines()) == sums, sums
assert len(sums) == 5
pairs = re.findall(r'url "https://localhost/v1/(.*)"\n\s*sha256 "(.*)"', (out / "hbar.rb").read_text())
assert len(pairs) == 3 and dict(pairs) == {name: sums[name] for name in (f"hbar-{version}-{each}.tar.gz" for each in platforms)}, pairs
PYTHON
}
