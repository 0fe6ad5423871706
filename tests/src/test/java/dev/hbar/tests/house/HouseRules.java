package dev.hbar.tests.house;

import java.util.List;
import java.util.function.Predicate;

/** The house rules of the design, each with its scope. */
final class HouseRules {
  private static final String INTERNAL = "mlx-bindings/src/main/java/dev/hbar/mlx/internal/";
  private static final String BINDINGS_TESTS = "mlx-bindings/src/test/";

  // The rope kind of Llama 3 is a kind of its own, which other families use too.
  private static final String FAMILY = "\\b[Ll]lama(?!3)|\\b[Qq]wen|\\b[Pp]hi(?![a-z])";
  private static final String HOME = "(?<![\\w.)}$*-])/(work|tmp|root|home|Users)/";

  private HouseRules() {}

  static List<Rule> all() {
    return List.of(
        foreignMemory(),
        generatedBindings(),
        printing(),
        familyNames(),
        ForbiddenText.inCode("no star imports", "^import .*\\*;", SourceFile::isJava),
        ForbiddenText.anywhere("no tabs", "\t", text()),
        ForbiddenText.anywhere("nothing is left to do", "\\b(TODO|FIXME|XXX)\\b", text()),
        ForbiddenText.anywhere("no path of somebody's machine", HOME, text()),
        ForbiddenText.inCode(
            "nobody sets MLX's memory limits, the wired one included, for a program",
            "\\bMlxMemory\\.set(Wired)?Limit\\b",
            SourceFile::isMainJava),
        new UrlHosts(),
        new LocaleFree(),
        new ShellSafety(),
        new TypeNames(),
        new TestNames(),
        new FinalClasses(),
        new PublicJavadoc(),
        new ModuleDirection(),
        new PackageCircles(),
        new PackageInfo(),
        new FileSizes(new Budget(90, 350, 500)),
        new MethodLengths(new Budget(25, 25, 60)));
  }

  private static Rule foreignMemory() {
    return ForbiddenText.inCode(
        "java.lang.foreign only in mlx-bindings' internal ring",
        "\\bjava\\.lang\\.foreign\\b",
        javaOutside(INTERNAL, BINDINGS_TESTS));
  }

  private static Rule generatedBindings() {
    return ForbiddenText.inCode(
        "the generated bindings are used by the internal ring only",
        "\\bdev\\.hbar\\.mlx\\.gen\\b",
        javaOutside(INTERNAL, BINDINGS_TESTS));
  }

  private static Rule printing() {
    return ForbiddenText.inCode(
        "only the command line prints and exits",
        "\\bSystem\\.(exit|out|err)\\b|\\bprintStackTrace\\b",
        file ->
            file.isMainJava() && !file.isIn("/dev/hbar/cli/") && !file.isIn("/dev/hbar/examples/"));
  }

  private static Rule familyNames() {
    // GGUF names its architectures, so the converter has to.
    return ForbiddenText.inCode(
        "a model family is named in dev.hbar.model.family only",
        FAMILY,
        file ->
            file.isMainJava()
                && !file.isIn("/dev/hbar/model/family/")
                && !file.isIn("/dev/hbar/model/convert/"));
  }

  private static Predicate<SourceFile> text() {
    return file -> !file.isGenerated() && !file.isAboutRules();
  }

  private static Predicate<SourceFile> javaOutside(String... folders) {
    return file ->
        file.isJava() && !file.isAboutRules() && List.of(folders).stream().noneMatch(file::isIn);
  }
}
