package dev.hbar.tests.house;

import java.util.List;
import java.util.stream.Stream;

/** A file that breaks the rule with the given title and no other, or (no title) keeps them all. */
record Example(String rule, List<SourceFile> files) {
  private static final String SIGNAL = "monitor/core/src/main/java/dev/hbar/monitor/signal/A.java";
  private static final String TEST =
      "monitor/core/src/test/java/dev/hbar/monitor/signal/ATest.java";
  private static final String MLX = "mlx-bindings/src/main/java/dev/hbar/mlx/A.java";
  private static final String INTERNAL = "mlx-bindings/src/main/java/dev/hbar/mlx/internal/A.java";

  static Stream<Example> bad() {
    return Stream.of(
        broken(
            "java.lang.foreign only in mlx-bindings' internal ring",
            MLX,
            "import java.lang.foreign.Arena;"),
        broken(
            "the generated bindings are used by the internal ring only",
            MLX,
            "import dev.hbar.mlx.gen.ops_h;"),
        broken(
            "only the command line prints and exits",
            SIGNAL,
            "final class A {{ System.out.println(); }}"),
        broken(
            "only the command line prints and exits",
            SIGNAL,
            "final class A {{ System.exit(1); }}"),
        broken(
            "only the command line prints and exits",
            SIGNAL,
            "final class A {{ e.printStackTrace(); }}"),
        broken(
            "a model family is named in dev.hbar.model.family only",
            SIGNAL,
            "final class A { LlamaConfig config; }"),
        broken(
            "a model family is named in dev.hbar.model.family only",
            SIGNAL,
            "final class A { String s = \"qwen2\"; }"),
        broken("no star imports", SIGNAL, "import java.util.*;"),
        broken(
            "nobody sets MLX's memory limits, the wired one included, for a program",
            SIGNAL,
            "final class A { void a() { MlxMemory.setWiredLimit(1); } }"),
        broken("no tabs", "scripts/a.py", "if True:\n\tpass"),
        broken("nothing is left to do", "README.md", "TODO: write"),
        broken("no path of somebody's machine", "README.md", "see /home/ann/models"),
        broken(
            "links lead to known hosts, never to a registry",
            "README.md",
            "https://mirror.example.org/simple"),
        broken(
            "every shell script has set -euo pipefail", "scripts/a", "#!/usr/bin/env bash\nset -e"),
        broken(
            "numbers and cases never follow the locale",
            SIGNAL,
            "final class A {{ String.format(\"%s\", 1); }}"),
        broken(
            "numbers and cases never follow the locale",
            SIGNAL,
            "final class A {{ a(\"%03d\".formatted(1)); }}"),
        broken(
            "numbers and cases never follow the locale",
            SIGNAL,
            "final class A {{ err.printf(\"%.2f\", 1.0); }}"),
        broken(
            "numbers and cases never follow the locale",
            SIGNAL,
            "final class A {{ a.toUpperCase(); }}"),
        broken(
            "no type is called Util, Helper, Manager or Abstract",
            SIGNAL,
            "final class A { record ArrayHelper() {} }"),
        broken("classes are final or sealed", SIGNAL, "class A {}"),
        broken(
            "tests are named situation_outcome", TEST, "final class A { @Test void works() {} }"),
        broken("what is public has Javadoc", SIGNAL, "// not Javadoc\npublic final class A {}"),
        broken(
            "what is public has Javadoc",
            SIGNAL,
            "/** A type. */ public final class A { public int size() { return 1; } }"),
        broken(
            "mlx-bindings <- adapters <- core <- study, serve <- cli <- tests",
            "adapters/pom.xml",
            dependencyOn("monitor-core")),
        new Example(
            "no package is in a circle",
            described(
                used("dev.hbar.model.a", "dev.hbar.model.b"),
                used("dev.hbar.model.b", "dev.hbar.model.c"),
                used("dev.hbar.model.c", "dev.hbar.model.a"))),
        new Example(
            "no package is in a circle",
            described(
                new SourceFile(
                    MLX,
                    "package dev.hbar.mlx;\nimport dev.hbar.mlx.internal.B;\nfinal class A {}"),
                new SourceFile(
                    INTERNAL,
                    "package dev.hbar.mlx.internal;\nimport dev.hbar.mlx.A;\nfinal class A {}"))),
        new Example(
            "every package has a package-info with Javadoc",
            List.of(new SourceFile(SIGNAL, "final class A {}"))),
        new Example(
            "every package has a package-info with Javadoc",
            List.of(
                new SourceFile(SIGNAL, "final class A {}"),
                new SourceFile(SIGNAL.replace("A.java", "package-info.java"), "package a;"))),
        new Example(
            "files: median <= 90 lines, 90 % <= 350, none > 500",
            described(
                new SourceFile(SIGNAL, "\n".repeat(91)),
                new SourceFile(SIGNAL.replace("A.java", "B.java"), "\n".repeat(91)))),
        broken(
            "methods: 90 % <= 25 lines, none > 60",
            SIGNAL, "final class A { void a() {" + "\n".repeat(25) + "} }"));
  }

  static Stream<Example> good() {
    return Stream.of(
        kept(INTERNAL, "import dev.hbar.mlx.gen.ops_h;\nimport java.lang.foreign.Arena;"),
        kept(
            "monitor/cli/src/main/java/dev/hbar/cli/A.java", "final class A {{ System.exit(1); }}"),
        kept(
            "adapters/src/main/java/dev/hbar/model/family/A.java",
            "final class A { String type = \"qwen2\"; }"),
        kept(SIGNAL, "/* A Llama says System.out. */ final class A { String s = \"// llama3\"; }"),
        kept(SIGNAL, "/** Documented. */\n@Deprecated\npublic final class A { void a() {} }"),
        kept("scripts/a", "#!/usr/bin/env bash\nset -euo pipefail\nmktemp -d hbar.XXXXXX"),
        kept(TEST, "class A { @Test void twice_isOnce() {} void helps() {} }"),
        kept("scripts/lib/a.sh", "# sourced\nsay() { echo \"$1\"; }"),
        kept("adapters/pom.xml", dependencyOn("mlx-bindings")),
        kept("mlx-bindings/src/generated/java/dev/hbar/mlx/gen/A.java", "import java.util.*;"));
  }

  private static Example broken(String rule, String path, String text) {
    return new Example(rule, described(new SourceFile(path, text)));
  }

  /** The files, and a package-info for the package of each main source. */
  private static List<SourceFile> described(SourceFile... files) {
    Stream<SourceFile> infos =
        Stream.of(files)
            .filter(SourceFile::isMainJava)
            .map(file -> file.path().replaceFirst("[^/]*$", "package-info.java"))
            .distinct()
            .map(path -> new SourceFile(path, "/** A package. */\npackage a;"));
    return Stream.concat(Stream.of(files), infos).toList();
  }

  private static Example kept(String path, String text) {
    return new Example("", described(new SourceFile(path, text)));
  }

  /** A file of one package that uses another. */
  private static SourceFile used(String by, String name) {
    return new SourceFile(
        "adapters/src/main/java/" + by.replace('.', '/') + "/A.java",
        "package " + by + ";\nimport " + name + ".B;\nfinal class A {}");
  }

  private static String dependencyOn(String module) {
    return "<dependency>\n<groupId>dev.hbar</groupId>\n<artifactId>%s</artifactId>\n</dependency>"
        .formatted(module);
  }

  @Override
  public String toString() {
    return rule + " " + files.getFirst().path();
  }
}
