package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of failures names tests that there are, for every case and every rule. */
class ReliabilityPageTest {
  private static final Path ROOT = Path.of(System.getProperty("hbar.root"));
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final int CASES = 44;
  private static final int RULES = 20;

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("monitor/docs/reliability.md"));
  }

  private static List<Integer> numbers(String row) throws IOException {
    return Pattern.compile(row, Pattern.MULTILINE)
        .matcher(page())
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .toList();
  }

  @Test
  void everyCaseAndRule_isInTheTableOnceWithATest() throws IOException {
    assertEquals(upTo(CASES), numbers("^\\| (\\d+) \\| .+ \\| .+ \\| .*`\\w+Test"));
    assertEquals(upTo(RULES), numbers("^\\| R(\\d+) .+ \\| `\\w+Test"));
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void everyTestThatIsNamed_exists() throws IOException {
    Map<String, Path> tests = tests();
    List<String> absent = new ArrayList<>();
    List<MatchResult> named = NAMED.matcher(page()).results().toList();
    assertTrue(named.size() > CASES + RULES, "named: " + named.size());
    for (MatchResult match : named) {
      Path file = tests.get(match.group(1) + ".java");
      String method = match.group(2);
      boolean exists =
          file != null
              && (method == null || Files.readString(file).contains("void " + method + "("));
      if (!exists) {
        absent.add(match.group());
      }
    }
    assertEquals(List.of(), absent);
  }

  private static Map<String, Path> tests() throws IOException {
    Map<String, Path> tests = new HashMap<>();
    for (String module : List.of("mlx-bindings", "adapters", "monitor", "tests")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        files
            .filter(file -> file.toString().contains("src/test/java"))
            .forEach(file -> tests.put(file.getFileName().toString(), file));
      }
    }
    return tests;
  }
}
