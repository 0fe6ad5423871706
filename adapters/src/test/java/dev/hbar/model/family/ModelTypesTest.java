package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of model types in the documentation says what the program does. */
final class ModelTypesTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|.*\\| ([^|]+) \\|$");
  private static final Pattern INNER = Pattern.compile("`text_config`: ([a-z0-9_, ]+)");
  private static final Pattern SUM =
      Pattern.compile("loads (\\d+) of the modules and (\\d+) of the\\s+further names, (\\d+) in");

  private static String page() throws IOException {
    Path own = Path.of("docs/model-types.md");
    return Files.readString(Files.exists(own) ? own : Path.of("adapters").resolve(own));
  }

  @Test
  void everyRow_saysWhetherTheTypeLoads() throws IOException {
    Set<String> supported = Families.supported().keySet();
    List<String> wrong = new ArrayList<>();
    int loads = 0;
    Matcher row =
        ROW.matcher(page().replaceAll("(?m)^\\| (`[^`]+`) \\| ([^|]+) \\|$", "| $1 | | $2 |"));
    while (row.find()) {
      Matcher inner = INNER.matcher(row.group(2));
      boolean wraps = row.group(2).contains("text_config");
      boolean known =
          inner.find()
              ? supported.containsAll(List.of(inner.group(1).split(", ")))
              : wraps || supported.contains(row.group(1));
      boolean said = row.group(2).startsWith("loads");
      loads += said ? 1 : 0;
      if (known != said) {
        wrong.add(row.group());
      }
    }
    assertEquals(List.of(), wrong);
    Matcher sum = SUM.matcher(page());
    assertTrue(sum.find());
    int modules = Integer.parseInt(sum.group(1));
    int further = Integer.parseInt(sum.group(2));
    assertEquals(loads, modules + further);
    assertEquals(loads, Integer.parseInt(sum.group(3)));
    assertTrue(modules >= 45, modules + " modules");
  }
}
