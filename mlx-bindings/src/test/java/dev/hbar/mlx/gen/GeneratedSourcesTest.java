package dev.hbar.mlx.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedSourcesTest {
  private static final Pattern BOUND =
      Pattern.compile("(?m)^    public static (?:class|\\w+) (_?mlx_\\w+)(?:\\(| \\{)");
  private static final Pattern SKIPPED = Pattern.compile("(?m)^\\| `(_?mlx_\\w+)`  *\\| \\w.*\\|$");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

  private final GeneratedTree tree = new GeneratedTree(Path.of(System.getProperty("hbar.root")));

  @Test
  void generatedSources_matchChecksums() {
    assertEquals(List.of(), tree.complaints());
  }

  @Test
  void changedAddedAndMissingFile_areNamedWithTheScript(@TempDir Path root) throws IOException {
    Path generated = Files.createDirectories(root.resolve(GeneratedTree.GENERATED));
    Files.createDirectories(root.resolve("jextract/includes"));
    Files.writeString(root.resolve("jextract/versions.env"), "");
    Files.writeString(generated.resolve("changed.java"), "int changed;");
    Files.writeString(generated.resolve("added.java"), "int added;");
    String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    Files.writeString(
        generated.resolve("checksums.sha256"),
        String.join(
            "\n",
            empty + "  jextract/versions.env",
            empty + "  mlx-bindings/src/generated/changed.java",
            empty + "  mlx-bindings/src/generated/missing.java"));

    List<String> complaints = new GeneratedTree(root).complaints();

    assertEquals(3, complaints.size(), complaints::toString);
    assertTrue(complaints.get(0).startsWith("mlx-bindings/src/generated/added.java was added"));
    assertTrue(complaints.get(1).startsWith("mlx-bindings/src/generated/changed.java was changed"));
    assertTrue(complaints.get(2).startsWith("mlx-bindings/src/generated/missing.java is missing"));
    assertTrue(complaints.stream().allMatch(line -> line.endsWith("run jextract/generate")));
  }

  @Test
  void everyPublicFunction_isBoundOrSkippedWithAReason() {
    Set<String> accountedFor = new TreeSet<>(skipped());
    for (var source : tree.sources().entrySet()) {
      if (source.getKey().endsWith("_h.java")) {
        accountedFor.addAll(names(BOUND, source.getValue()));
      }
    }
    Set<String> declared =
        tree.lines(GeneratedTree.GENERATED + "/functions.txt").stream()
            .map(line -> line.split(" ")[1])
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(declared.size() > 600, "mlx-c 0.7.0 has 674 functions");
    assertEquals(Set.of(), difference(declared, accountedFor), "neither bound nor skipped");
    assertEquals(
        Set.of(), difference(accountedFor, declared), "bound or skipped, but not declared");
  }

  @Test
  void skippedFunctions_areReallyAbsent() {
    Set<String> skipped = skipped();
    assertFalse(skipped.isEmpty());
    tree.sources().forEach((file, text) -> skipped.forEach(s -> assertFalse(text.contains(s), s)));
  }

  @Test
  void generatedTypes_comeFromMlxOnly() {
    for (String file : tree.sources().keySet()) {
      assertTrue(file.matches("mlx_.*|[a-z_]+_h(\\$shared)?\\.java"), file);
    }
  }

  @Test
  void layouts_areCanonicalAndNeverSmallIntegers() {
    var fixedOrSmall = Pattern.compile("JAVA_[A-Z]|ByteOrder\\.|_h\\.C_(CHAR|SHORT)\\b");
    tree.sources()
        .forEach(
            (file, text) ->
                assertFalse(
                    fixedOrSmall.matcher(COMMENT.matcher(text).replaceAll("")).find(), file));
  }

  private static Set<String> difference(Set<String> all, Set<String> without) {
    var rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest;
  }

  private Set<String> skipped() {
    String readme = String.join("\n", tree.lines("jextract/README.md"));
    return names(SKIPPED, readme);
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
