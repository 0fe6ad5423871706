# shellcheck shell=bash disable=SC2154 # said: see expect.sh
# hbar as a program embeds it: installed into a repository of its own, one dependency, class path and module path.
# shellcheck source=scripts/lib/native.sh
. "$HBAR_ROOT/scripts/lib/native.sh"
# shellcheck source=scripts/lib/natives.sh
. "$HBAR_ROOT/scripts/lib/natives.sh"
find_jdk
PROGRAM=$HBAR_ROOT/scripts/tests/embed

# own_repository: a local repository's files by hard links, hbar's own excepted: what is found there afterwards was installed here.
own_repository() {
  local own=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
  cp -al "$own" "$PWD/m2" 2>/dev/null || cp -a "$own" "$PWD/m2"
  rm -rf "$PWD/m2/dev/hbar"
}

# installed_from PROJECT REPOSITORY: builds and installs what an embedder needs.
installed_from() {
  JAVA_HOME=$JDK_HOME mvn -B -q -f "$1/pom.xml" -DskipTests -Dspotless.check.skip "-Dmaven.repo.local=$2" \
    -pl mlx-bindings,mlx-bindings/natives,adapters,monitor/core,monitor/bom -am install
}

install_hbar() {
  own_repository
  installed_from "$HBAR_ROOT" "$PWD/m2" >install.log 2>&1 || fail "$(grep ERROR install.log | head -n 3)"
}

# program [MODULE_INFO]: a Maven project with one dependency, and a logging of its own.
program() {
  rm -rf app lib
  mkdir -p app/src/main/java/app app/src/main/resources
  cp "$PROGRAM/pom.xml" app/
  cp "$PROGRAM/logback.xml" app/src/main/resources/
  cp "$PROGRAM/Program.java" app/src/main/java/app/
  [ $# -eq 0 ] || cp "$1" app/src/main/java/
  JAVA_HOME=$JDK_HOME mvn -B -q -f app/pom.xml "-Dmaven.repo.local=$PWD/m2" compile \
    dependency:copy-dependencies "-DoutputDirectory=$PWD/lib" >app.log 2>&1 || fail "$(grep ERROR app.log | head -n 3)"
}

# runs_well HOW JAVA_OPTION...: everything that the program tries works, and its log goes on.
runs_well() {
  local how=$1
  shift
  HBAR_HOME=$HBAR_HOME "$JDK_HOME/bin/java" "$@" "$CHECKPOINT" >out 2>err || fail "$how: $(tail -n 3 out) $(head -n 5 err)"
  [ "$(grep -c '^ok ' out)" -eq 10 ] || fail "$how: $(cat out)"
  [ "$(grep -cE '^host log INFO (before|after)' out)" -eq 2 ] || fail "$how: the host's log is silent: $(cat out)"
}

test_programWithOneDependency_worksOnClassPathAndModulePath() {
  install_hbar
  program
  # Without logback, which is the host's.
  [ "$(find lib -name '*.jar' ! -name 'logback-*' | wc -l)" -le 20 ] || fail "$(find lib -name '*.jar' | wc -l) jars: $(ls lib)"
  runs_well 'class path' --enable-native-access=ALL-UNNAMED -cp "app/target/classes:lib/*" app.Program
  program "$PROGRAM/module-info.java"
  runs_well 'module path' --enable-native-access=dev.hbar.mlx,ALL-UNNAMED -p "app/target/classes:lib" -m app/app.Program
}

# block PAGE KIND: the first block of that kind on a page, as it is printed there.
block() { sed -n "/^\`\`\`$2\$/,/^\`\`\`\$/p" "$HBAR_ROOT/$1" | sed '1d;/^```$/,$d'; }

# The page's project, from an empty folder, to the letter; then README's first lines in place of its program. It runs as on a
# machine without set-up: native MLX comes from its jar, HBAR_HOME is empty, and there is no compiler on the PATH.
test_pagesProject_worksFromAnEmptyFolderWithoutSetUp() {
  local page=monitor/docs/embed.md platform
  platform=$(this_platform)
  accepted "$HBAR_ROOT/scripts/natives"
  install_hbar
  mkdir -p app/src/main/java
  cd app || exit
  block "$page" xml | sed "s|<classifier>linux-x86_64<|<classifier>$platform<|" >pom.xml
  grep -q "<classifier>$platform<" pom.xml || fail "the page names no natives"
  block "$page" java >src/main/java/Hello.java
  runs_page_commands
  [ "$(grep -c 'ln p -.*, hbar [0-9]' out)" -ge 5 ] || fail "$(cat out)"
  [ "$(echo ../empty/natives/*/mlx/lib/libmlxc.*)" != '../empty/natives/*/mlx/lib/libmlxc.*' ] || fail "MLX did not come from the jar"
  {
    echo 'import dev.hbar.monitor.generation.GenerationModel;'
    echo 'final class Hello { public static void main(String[] args) {'
    block README.md java | sed "s|\"mlx-community/[^\"]*\"|args[0]|"
    echo '}}'
  } >src/main/java/Hello.java
  runs_page_commands
  [ -s out ] || fail "README's lines print nothing: $(cat err)"
}

runs_page_commands() {
  local commands
  commands=$(grep -E '^    (mvn -q compile|java )' "$HBAR_ROOT/monitor/docs/embed.md" | sed "s/ *# form.*//; s|CHECKPOINT|'$CHECKPOINT'|")
  [ "$(printf '%s\n' "$commands" | wc -l)" -eq 2 ] || fail "commands of the page: $commands"
  commands=$(printf '%s\n' "$commands" | sed "s|mvn -q|mvn -B -q '-Dmaven.repo.local=$OLDPWD/m2'|")
  mkdir -p ../empty
  (export JAVA_HOME=$JDK_HOME && eval "${commands%%
*}") >out 2>err || fail "$(cat out err | head -n 5)"
  (export HBAR_HOME=$OLDPWD/empty PATH="$JDK_HOME/bin" && ! command -v cc c++ gcc g++ && eval "${commands#*
}") >out 2>err || fail "$(cat out err | head -n 5)"
}

# fresh_copy FOLDER: the project's files, and nothing left over from an earlier build.
fresh_copy() {
  mkdir -p "$1"
  (cd "$HBAR_ROOT" && git ls-files -z --cached --others --exclude-standard | tar --null -cf - -T -) | tar -xf - -C "$1"
}

# Another folder, time zone and language. The umask is the same: it is in a jar's file modes.
test_twoBuilds_giveTheSameBytes() {
  local each kind file other=$PWD/elsewhere/deeper
  own_repository
  fresh_copy "$PWD/one"
  installed_from "$PWD/one" "$PWD/m2" >install.log 2>&1 || fail "$(grep ERROR install.log | head -n 3)"
  for each in mlx-bindings adapters monitor-core; do
    for kind in '' -sources -javadoc; do
      [ -f "m2/dev/hbar/$each/0.1.0/$each-0.1.0$kind.jar" ] || fail "$each$kind is missing"
    done
  done
  mv m2/dev/hbar first
  fresh_copy "$other"
  (export TZ=Asia/Tokyo LC_ALL=C && installed_from "$other" "$PWD/m2") >install.log 2>&1 || fail "$(grep ERROR install.log | head -n 3)"
  (cd first && find . -type f -name '*-0.1.0*') | sort >files
  [ "$(wc -l <files)" -ge 14 ] || fail "only $(cat files)"
  while read -r file; do
    cmp "first/$file" "m2/dev/hbar/$file" || fail "$file differs between two builds"
  done <files
}
