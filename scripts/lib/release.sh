# shellcheck shell=bash disable=SC2153,SC2016 # NATIVES_JARS, URL: see the script that sources this; quoted for other shells
# The pieces of a release, and how each is tried where nothing of this project is.

RELEASE=$HBAR_ROOT/target/release
VERSION=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' "$HBAR_ROOT/pom.xml" | head -n 1)
WORK=$HBAR_HOME/release
# What the jars use, by jdeps, and what is found by name at run time: zip file systems, elliptic curves.
JAVA_MODULES=java.compiler,java.desktop,java.naming,java.net.http,java.sql,jdk.management,jdk.unsupported,jdk.zipfs,jdk.crypto.ec
# Pinned: what a release says of itself is the same from the same sources.
CYCLONEDX=org.cyclonedx:cyclonedx-maven-plugin:2.9.1

# Jars with sources and Javadoc and their poms, the parents' included. The class path of the command and the list of what it is
# made of are taken from the same build.
make_repository() {
  rm -rf "$HBAR_ROOT/monitor/cli/target/lib"
  maven -q -DskipTests -Dspotless.check.skip -pl mlx-bindings/natives,monitor/langchain4j,monitor/bom,monitor/cli -am \
    deploy "$CYCLONEDX:makeBom" -DoutputFormat=json -DincludeTestScope=false -Dcyclonedx.skipAttach=true \
    "-DaltDeploymentRepository=release::file:$RELEASE/maven"
  note "$(find "$RELEASE/maven" -name '*.jar' | wc -l | tr -d ' ') jars"
}

# The command's jars by their sums, which are compared with the files, and native MLX, which Maven does not know the inside of.
make_sbom() {
  python3 - "$HBAR_ROOT/monitor/cli/target" "$RELEASE/hbar-$VERSION.cdx.json" "$MLX_VERSION" "$MLX_C_VERSION" \
    "$NATIVES_JARS"/mlx-natives-*.jar >&3 <<'PYTHON'
import hashlib, json, pathlib, sys
build, target, mlx, mlx_c, *jars = sys.argv[1:]
bom = json.loads((pathlib.Path(build) / "bom.json").read_text())
sha256 = lambda file: hashlib.sha256(file.read_bytes()).hexdigest()
named = {each["content"] for part in bom["components"] + [bom["metadata"]["component"]] for each in part.get("hashes", ())
         if each["alg"] == "SHA-256"}
missing = [jar.name for jar in sorted((pathlib.Path(build) / "lib").glob("*.jar"))
           if sha256(jar) not in named and not jar.name.startswith("monitor-cli-")]
if missing:
    sys.exit(f"not in the SBOM: {missing}")
for name, version, licence in (("mlx", mlx, "MIT"), ("mlx-c", mlx_c, "MIT"), ("openblas", None, "BSD-3-Clause"),
                               ("libgfortran", None, "GPL-3.0-or-later WITH GCC-exception-3.1")):
    part = {"type": "library", "name": name, "licenses": [{"expression": licence}]}
    bom["components"].append(part | ({"version": version} if version else {}))
for jar in map(pathlib.Path, jars):
    bom["components"].append({"type": "file", "name": jar.name, "hashes": [{"alg": "SHA-256", "content": sha256(jar)}]})
pathlib.Path(target).write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n")
print(len(bom["components"]), "components", end="")
PYTHON
}

make_man_pages() {
  local tools=$WORK/man-tools classes=$HBAR_ROOT/monitor/cli/target/lib
  mkdir -p "$WORK/man" "$WORK/classes"
  maven -q -f "$HBAR_ROOT/scripts/lib/release/pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$tools"
  "$JDK_HOME/bin/javac" -d "$WORK/classes" -cp "$classes/*:$tools/*" "$HBAR_ROOT/scripts/lib/release/ManPages.java"
  "$JDK_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$WORK/classes:$classes/*:$tools/*" dev.hbar.cli.ManPages "$WORK/man"
  note "$(find "$WORK/man" -name '*.1' | wc -l | tr -d ' ') pages"
}

# make_archive PLATFORM: a run time can be linked for the JDK's own platform only.
make_archive() {
  local name=hbar-$VERSION-$1 root=$WORK/hbar-$VERSION-$1
  make_image "$root"
  cp "$NATIVES_JARS/mlx-natives-$1.jar" "$root/lib"
  cp "$RELEASE/hbar-$VERSION.cdx.json" "$root"
  mkdir -p "$root/share/man"
  cp -R "$WORK/man" "$root/share/man/man1"
  name_jars "$root/lib"
  if [ "$1" = "$(this_platform)" ]; then
    "$JDK_HOME/bin/jlink" --add-modules "$JAVA_MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages \
      --output "$root/runtime"
    HBAR_HOME=$WORK/home make_cache "$root"
  fi
  tar -czf "$RELEASE/$name.tar.gz" -C "$WORK" "$name"
  note "$name.tar.gz, $(($(wc -c <"$RELEASE/$name.tar.gz") >> 20)) MiB"
}

# make_image FOLDER: the command as it is unpacked, with its completions; without native MLX and without a Java.
make_image() {
  mkdir -p "$1/bin" "$1/lib" "$1/share/bash-completion/completions" "$1/share/zsh/site-functions"
  cp "$HBAR_ROOT/scripts/hbar" "$1/bin/hbar"
  cp "$HBAR_ROOT/scripts/lib/jdk.sh" "$HBAR_ROOT"/monitor/cli/target/lib/*.jar "$1/lib"
  cp "$HBAR_ROOT/LICENSE" "$1"
  name_jars "$1/lib"
  JAVA_HOME=$JDK_HOME "$1/bin/hbar" completion bash >"$1/share/bash-completion/completions/hbar"
  JAVA_HOME=$JDK_HOME "$1/bin/hbar" completion zsh >"$1/share/zsh/site-functions/_hbar"
}

# name_jars FOLDER: hbar.jar names all of them in one order, which the AOT cache depends on.
name_jars() {
  (
    cd "$1" || exit
    rm -f hbar.jar
    # shellcheck disable=SC2012 # names of jars
    printf 'Class-Path: %s\n' "$(LC_ALL=C ls ./*.jar | sed 's|^\./||' | tr '\n' ' ')" |
      fold -b -w 70 | sed '2,$s/^/ /' >../manifest
    "$JDK_HOME/bin/jar" --create --file hbar.jar --date 2026-01-01T00:00:00Z --manifest ../manifest
    rm ../manifest
  )
}

# make_cache FOLDER: what a short answer loads, or doctor where there is no checkpoint, by the image's own launcher and with the very
# files that are packed: the JVM takes the cache only with those, as old and as large as they were.
make_cache() {
  set -- "$1" doctor
  [ ! -f "$CHECKPOINT/config.json" ] || set -- "$1" generate "$CHECKPOINT" --prompt 'The capital of France is' --max-tokens 8
  HBAR_ARCHIVE_TO=$1/lib/hbar.aot "$1/bin/hbar" "${@:2}"
  [ -s "$1/lib/hbar.aot" ] || die "no AOT cache was written"
}

make_formula() {
  local base=$URL/hbar-$VERSION
  cat >"$RELEASE/hbar.rb" <<RUBY
class Hbar < Formula
  desc "Runs MLX language models and measures how unsure they are, token by token"
  homepage "$URL"
  version "$VERSION"
  license "Apache-2.0"

  on_macos do
    depends_on arch: :arm64
    depends_on macos: :sonoma
    depends_on "openjdk@25"
    url "$base-macos-aarch64.tar.gz"
    sha256 "$(sha256_of "$RELEASE/hbar-$VERSION-macos-aarch64.tar.gz")"
  end
  on_linux do
    on_intel do
      url "$base-linux-x86_64.tar.gz"
      sha256 "$(sha256_of "$RELEASE/hbar-$VERSION-linux-x86_64.tar.gz")"
    end
    on_arm do
      depends_on "openjdk@25"
      url "$base-linux-aarch64.tar.gz"
      sha256 "$(sha256_of "$RELEASE/hbar-$VERSION-linux-aarch64.tar.gz")"
    end
  end

  def install
    libexec.install Dir["*"]
    (bin/"hbar").write_env_script libexec/"bin/hbar", Language::Java.overridable_java_home_env("25")
    man1.install_symlink Dir[libexec/"share/man/man1/*.1"]
    bash_completion.install_symlink libexec/"share/bash-completion/completions/hbar"
    zsh_completion.install_symlink libexec/"share/zsh/site-functions/_hbar"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/hbar --version")
  end
end
RUBY
}

# In the format that sha256sum -c and shasum -c read.
make_checksums() {
  (
    cd "$RELEASE" || exit
    rm -f SHA256SUMS
    find . -type f | LC_ALL=C sort | sed 's|^\./||' | while read -r each; do
      printf '%s  %s\n' "$(sha256_of "$each")" "$each"
    done >"$WORK/SHA256SUMS"
    mv "$WORK/SHA256SUMS" .
    note "$(wc -l <SHA256SUMS | tr -d ' ') files"
  )
}

# clean_root FOLDER: a root with glibc, its UTF-8 locale, bash and what the launcher calls, and nothing else: no compiler, no Java, no OpenBLAS, no home.
clean_root() {
  local each needed
  mkdir -p "$1/usr/bin" "$1/tmp" "$1/proc" "$1/person" "$1/models" "$1/opt" "$1/dev"
  for each in bash env readlink cat; do
    cp -L "$(command -v $each)" "$1/usr/bin/$each"
    for needed in $(ldd "$(command -v $each)" | grep -oE '/[^ ]+'); do
      mkdir -p "$1${needed%/*}"
      cp -Ln "$needed" "$1$needed"
    done
  done
  ln -s bash "$1/usr/bin/sh"
  ln -s usr/bin "$1/bin"
  for each in libstdc++.so.6 libgcc_s.so.1 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libz.so.1; do # those of every distribution
    needed=$(ldconfig -p | awk -v name=$each '$1 == name && !found++ { print $NF }') # read to its end, or ldconfig ends by SIGPIPE
    [ -z "$needed" ] || { mkdir -p "$1${needed%/*}" && cp -Ln "$needed" "$1$needed"; }
  done
  [ ! -d /usr/lib/locale/C.utf8 ] || { mkdir -p "$1/usr/lib/locale" && cp -R /usr/lib/locale/C.utf8 "$1/usr/lib/locale"; }
  : >"$1/dev/null"
}

# in_clean_root FOLDER COMMAND...: with nothing of this environment, /proc and /dev/null its own.
in_clean_root() {
  unshare --mount --map-root-user --pid --fork bash -ec '
    mount --bind /dev/null "$1/dev/null"; mount -t proc proc "$1/proc" 2>/dev/null || mount --rbind /proc "$1/proc"
    root=$1; shift; exec chroot "$root" /usr/bin/env -i PATH=/usr/bin HOME=/person HBAR_HOME=/person/hbar "$@"' sh "$@"
}

try_archive() {
  local root=$WORK/root each hbar
  [ "$(uname -s)" = Linux ] || die "a clean root can be made on Linux only"
  rm -rf "$root"
  clean_root "$root"
  tar -xzf "$RELEASE/hbar-$VERSION-$(this_platform).tar.gz" -C "$root/opt"
  cp -RL "$CHECKPOINT" "$root/models/checkpoint"
  hbar=/opt/hbar-$VERSION-$(this_platform)/bin/hbar
  for each in cc c++ gcc java javac; do
    [ -z "$(find "$root/usr" -name "$each")" ] || die "the clean root has $each"
  done
  [ "$(in_clean_root "$root" "$hbar" --version)" = "hbar $VERSION" ] || die "hbar --version says something else"
  case $(in_clean_root "$root" "$hbar" --help) in 'Usage: hbar'*) ;; *) die "hbar --help says something else" ;; esac
  in_clean_root "$root" "$hbar" doctor || die "hbar doctor finds something in a clean root"
  each=$(in_clean_root "$root" "$hbar" generate /models/checkpoint --prompt 'The capital of France is' --max-tokens 8)
  case $each in *Paris*) ;; *) die "generate says $each" ;; esac
  for each in "$root"/person/hbar/natives/*/mlx/lib/libmlxc.so; do
    [ -s "$each" ] || die "native MLX did not come from its jar"
  done
  # AOTMode=on refuses to start where the cache does not fit.
  in_clean_root "$root" env HBAR_JAVA_OPTS=-XX:AOTMode=on "$hbar" --version || die "the AOT cache does not fit what was unpacked"
  for each in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    in_clean_root "$root" bash -c 'TIMEFORMAT=%R; time "$1" --help >/dev/null' sh "$hbar"
  done 2>&1 | grep -E '^[0-9.]+$' | sort -n >"$WORK/starts"
  note "hbar --help in $(sed -n 10p "$WORK/starts") s, the median of 20, load $(cut -d ' ' -f 1 /proc/loadavg)"
}

# The embedding page's project, its dependencies of hbar from the repository folder alone.
try_repository() {
  local app=$WORK/app m2=$WORK/m2 page=$HBAR_ROOT/monitor/docs/embed.md
  rm -rf "$app" "$m2"
  mkdir -p "$app/src/main/java"
  cp -al "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" "$m2" 2>/dev/null || cp -a "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" "$m2"
  rm -rf "$m2/dev/hbar"
  page_block xml <"$page" | sed "s|<classifier>linux-x86_64<|<classifier>$(this_platform)<|
s|^  <build>|  <repositories><repository><id>release</id><url>file:$RELEASE/maven</url></repository></repositories>&|" >"$app/pom.xml"
  page_block java <"$page" >"$app/src/main/java/Hello.java"
  JAVA_HOME=$JDK_HOME mvn -B -q -f "$app/pom.xml" "-Dmaven.repo.local=$m2" compile dependency:copy-dependencies "-DoutputDirectory=$app/lib"
  [ "$(cat "$m2"/dev/hbar/mlx-natives/"$VERSION"/_remote.repositories | grep -c '>release=')" -ge 2 ] || die "hbar did not come from the folder"
  mkdir "$app/empty" "$app/home"
  env -i PATH="$JDK_HOME/bin" HOME="$app/empty" HBAR_HOME="$app/home" "$JDK_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    -cp "$app/target/classes:$app/lib/*" Hello "$CHECKPOINT" | tee "$app/out"
  [ "$(grep -c 'ln p -.*, hbar [0-9]' "$app/out")" -ge 5 ] || die "the page's program prints something else"
}

# page_block KIND: the first block of that kind of the page that is read.
page_block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" | sed '1d;/^```$/,$d'; }

# Homebrew itself is tried where it is; elsewhere its steps are done by hand: the pinned archives, links to what the formula names.
try_formula() {
  local place=$WORK/brew each platform pinned=0
  for platform in $NATIVES_PLATFORMS; do
    each=$(sed -n "/url .*-$platform.tar.gz\"/{n;s/^ *sha256 \"\(.*\)\"/\1/p;}" "$RELEASE/hbar.rb")
    [ "$each" = "$(sha256_of "$RELEASE/hbar-$VERSION-$platform.tar.gz")" ] || die "the formula's sha256 for $platform is $each"
    pinned=$((pinned + 1))
    rm -rf "$place"
    mkdir -p "$place/bin" "$place/libexec"
    tar -xzf "$RELEASE/hbar-$VERSION-$platform.tar.gz" -C "$place/libexec" --strip-components 1
    for each in bin/hbar share/man/man1/hbar.1 share/man/man1/hbar-generate.1 share/bash-completion/completions/hbar \
      share/zsh/site-functions/_hbar "hbar-$VERSION.cdx.json" LICENSE "lib/mlx-natives-$platform.jar"; do
      [ -s "$place/libexec/$each" ] || die "the archive for $platform has no $each"
    done
    ln -s "../libexec/bin/hbar" "$place/bin/hbar"
    [ "$(env -i PATH=/usr/bin:/bin HOME="$place" JAVA_HOME="$JDK_HOME" "$place/bin/hbar" --version)" = "hbar $VERSION" ] ||
      die "hbar of the archive for $platform says another version through a link"
  done
  ! command -v ruby >/dev/null || ruby -c "$RELEASE/hbar.rb"
  ! command -v brew >/dev/null || { brew install --formula "$RELEASE/hbar.rb" && brew test hbar; }
  note "$pinned archives"
}
