# shellcheck shell=bash disable=SC2154 # said: see expect.sh
# hbar as a program embeds it: installed into a repository of its own, one dependency, class path and module path.
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
    -pl mlx-bindings,adapters,monitor/core,monitor/bom -am install
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
