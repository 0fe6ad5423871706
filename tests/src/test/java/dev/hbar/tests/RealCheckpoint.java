package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The 135M-parameter checkpoint that scripts/fetch makes. */
final class RealCheckpoint {
  private RealCheckpoint() {}

  /** Its folder; without it the test is skipped, or fails where every native test must run. */
  static Path folder() {
    Path home =
        Optional.ofNullable(System.getenv("HBAR_HOME"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("hbar.root"), ".hbar"));
    Path folder = home.resolve("models/SmolLM2-135M-Instruct-4bit");
    boolean there = Files.isRegularFile(folder.resolve("config.json"));
    String reason = "no checkpoint in " + folder + ", run scripts/fetch";
    if (Boolean.getBoolean("hbar.native.required")) {
      assertTrue(there, reason);
    }
    assumeTrue(there, reason);
    return folder;
  }
}
