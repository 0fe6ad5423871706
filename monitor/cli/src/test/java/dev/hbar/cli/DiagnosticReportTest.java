package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosticReportTest {
  @TempDir Path folder;

  @Test
  void report_hasEverySectionAndTheEndOfEachLog() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lines.add("line " + i);
    }
    Files.write(logs.resolve("Java-build.log"), lines);
    Files.createDirectories(folder.resolve("native/mlx/lib"));
    Files.writeString(folder.resolve("native/mlx/lib/libmlx.so"), "12345");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("HBAR_HOME", folder.toString());
    environment.put("HF_TOKEN", "hf_abcdefghijkl");
    environment.put("HBAR_TOKEN", "something");
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("SECRET_PLACE", "the attic");
    String report =
        DiagnosticReport.of(
            List.of(
                DoctorCommand.Finding.good("JDK", "25"),
                DoctorCommand.Finding.bad("MLX", "gone", "run scripts/setup")),
            environment);
    for (String title :
        List.of(
            "checks", "system", "java", "native libraries", "environment", "log Java-build.log")) {
      assertTrue(report.contains("\n== " + title + "\n"), title);
    }
    assertTrue(report.contains("FAIL MLX: gone -> run scripts/setup\n"), report);
    assertTrue(report.contains("libmlx.so: 5 bytes\n"), report);
    assertTrue(report.contains("LC_ALL: C.UTF-8\n"), report);
    assertTrue(report.endsWith("line 48\nline 49\n"), report);
    assertTrue(report.contains("\nline 10\n"), report);
    assertFalse(report.contains("\nline 9\n"), report);
    for (String secret : List.of("hf_abcdefghijkl", "something", "the attic")) {
      assertFalse(report.contains(secret), secret);
    }
  }

  @Test
  void namesTokensAndLogins_areTakenOut() {
    Properties properties = new Properties();
    properties.setProperty("user.home", "/homes/maxine");
    properties.setProperty("user.name", "max");
    properties.setProperty("hbar.root", "/homes/maxine/src/hbar");
    Redaction redaction = new Redaction(properties, Map.of("HOSTNAME", "attic-mac"));
    assertEquals(
        "<hbar>/.hbar and ~/Library",
        redaction.of("/homes/maxine/src/hbar/.hbar and /homes/maxine/Library"));
    assertEquals("maximum of <user> on <host>", redaction.of("maximum of max on attic-mac"));
    assertEquals("token=<token> <token>", redaction.of("token=abc hf_abcdefghijkl"));
    assertEquals("Bearer <token>", redaction.of("Bearer abc.def"));
    assertEquals(
        "https:" + "//<login>@mirror/simple", redaction.of("https:" + "//me:pw@mirror/simple"));
  }
}
