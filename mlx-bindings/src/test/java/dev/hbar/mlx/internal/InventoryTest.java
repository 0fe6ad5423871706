package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.internal.Inventory.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InventoryTest {
  private static final Path ROOT = Path.of(System.getProperty("hbar.root"));

  @Test
  void page_saysWhatTheSourcesDo() throws IOException {
    Path page = ROOT.resolve("mlx-bindings/docs/inventory.md");
    String wanted = Inventory.page(new Inventory(ROOT).entries());
    if (Boolean.getBoolean("hbar.inventory.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, wanted);
    }
    assertEquals(wanted, Files.readString(page));
  }

  @Test
  void skippedFunction_hasAReason() throws IOException {
    List<String> unexplained =
        new Inventory(ROOT)
            .entries().stream()
                .filter(entry -> entry.use() == Use.SKIPPED && entry.remark().isEmpty())
                .map(Inventory.Entry::function)
                .toList();
    assertEquals(List.of(), unexplained);
  }

  @Test
  void safeApi_reachesThreeFifthsOfTheFunctions() throws IOException {
    List<Inventory.Entry> entries = new Inventory(ROOT).entries();
    assertEquals(674, entries.size());
    long reached = entries.size() - Inventory.count(entries, Use.SKIPPED);
    assertTrue(5 * reached >= 3L * entries.size(), () -> "only " + reached + " are reached");
  }
}
