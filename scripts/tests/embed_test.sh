# shellcheck shell=bash disable=SC2154 # said: see expect.sh
# hbar as a program embeds it: installed into a repository of its own, one dependency, class path and module path.
find_jdk

# The local repository's files by hard links, hbar's own excepted: what is found there afterwards was installed here.
install_hbar() {
  local own=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
  cp -al "$own" "$PWD/m2" 2>/dev/null || cp -a "$own" "$PWD/m2"
  rm -rf "$PWD/m2/dev/hbar"
  maven -q -DskipTests -Dspotless.check.skip "-Dmaven.repo.local=$PWD/m2" \
    -pl mlx-bindings,adapters,monitor/core,monitor/bom -am install >install.log 2>&1 || fail "$(grep ERROR install.log | head -n 3)"
}

# program MODULE_INFO: a Maven project that prints a text and lets its own logging speak.
program() {
  mkdir -p app/src/main/java/app app/src/main/resources
  cat >app/pom.xml <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>app</groupId><artifactId>app</artifactId><version>1</version>
  <properties><maven.compiler.release>25</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>dev.hbar</groupId><artifactId>hbar-bom</artifactId><version>0.1.0</version><type>pom</type><scope>import</scope>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>dev.hbar</groupId><artifactId>monitor-core</artifactId></dependency>
  </dependencies>
  <build><pluginManagement><plugins>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.15.0</version></plugin>
    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.5.0</version></plugin>
    <plugin><artifactId>maven-dependency-plugin</artifactId><version>3.11.0</version></plugin>
  </plugins></pluginManagement></build>
</project>
XML
  cat >app/src/main/java/app/Hello.java <<'JAVA'
package app;

import dev.hbar.monitor.generation.GenerationModel;

public class Hello {
  public static void main(String[] args) {
    try (GenerationModel model = GenerationModel.open(args[0])) {
      System.out.println(model.generate("The capital of France is").text());
    }
  }
}
JAVA
  [ -z "$1" ] || echo "$1" >app/src/main/java/module-info.java
  JAVA_HOME=$JDK_HOME mvn -B -q -f app/pom.xml "-Dmaven.repo.local=$PWD/m2" compile \
    dependency:copy-dependencies "-DoutputDirectory=$PWD/lib" >app.log 2>&1 || fail "$(grep ERROR app.log | head -n 3)"
}

test_programWithOneDependency_printsATextOnClassPathAndModulePath() {
  install_hbar
  program ''
  HBAR_HOME=$HBAR_HOME "$JDK_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "app/target/classes:lib/*" app.Hello "$CHECKPOINT" >out 2>err
  grep -q Paris out || fail "class path: $(cat out err | head -n 3)"
  [ "$(find lib -name '*.jar' | wc -l)" -le 20 ] || fail "$(find lib -name '*.jar' | wc -l) jars: $(ls lib)"
  rm -rf app lib
  program 'module app { requires dev.hbar.monitor; }'
  "$JDK_HOME/bin/java" --enable-native-access=dev.hbar.mlx,ALL-UNNAMED -p "app/target/classes:lib" -m app/app.Hello "$CHECKPOINT" >out 2>err
  grep -q Paris out || fail "module path: $(cat out err | head -n 3)"
}

test_installedArtifacts_haveSourcesAndJavadoc() {
  install_hbar
  local each
  for each in mlx-bindings adapters monitor-core; do
    for kind in '' -sources -javadoc; do
      [ -f "m2/dev/hbar/$each/0.1.0/$each-0.1.0$kind.jar" ] || fail "$each$kind is missing"
    done
  done
}
