package dev.hbar.tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials names every artifact that a program may depend on. */
class BomTest {
  private static final Path ROOT = Path.of(System.getProperty("hbar.root"));
  private static final Pattern OWN =
      Pattern.compile("</parent>\\s*<artifactId>([\\w-]+)</artifactId>");
  private static final Pattern LISTED =
      Pattern.compile("<dependency>\\s*<groupId>dev.hbar</groupId>\\s*<artifactId>([\\w-]+)<");

  @Test
  void everyModule_isListed() throws IOException {
    Set<String> modules = new TreeSet<>();
    for (Path parent : List.of(ROOT, ROOT.resolve("mlx-bindings"), ROOT.resolve("monitor"))) {
      try (Stream<Path> folders = Files.list(parent)) {
        for (Path pom :
            folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists).toList()) {
          modules.addAll(names(OWN, pom));
        }
      }
    }
    modules.removeAll(Set.of("monitor", "monitor-examples", "hbar-bom", "tests"));
    assertEquals(modules, names(LISTED, ROOT.resolve("monitor/bom/pom.xml")));
  }

  private static Set<String> names(Pattern pattern, Path pom) throws IOException {
    return pattern
        .matcher(Files.readString(pom))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
