package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir Path parent;

  @Test
  void finishedFolder_isThereWithNothingBesideIt() throws IOException {
    try (OutputFolder output = OutputFolder.create(parent.resolve("model"))) {
      Files.writeString(output.add("config.json"), "{}");
      assertFalse(Files.exists(parent.resolve("model")));
      output.finish();
    }
    assertEquals(List.of("model", "model/config.json"), everything());
  }

  @Test
  void failedConversion_leavesNothing() throws IOException {
    try (OutputFolder output = OutputFolder.create(parent.resolve("model"))) {
      Files.writeString(output.add("config.json"), "{}");
    }
    assertEquals(List.of(), everything());
  }

  @Test
  void killedConversion_isClearedAwayByTheNextOfTheSameTarget() throws IOException {
    Path left = leftBy("model.part-00000001", ".lock");
    Path another = leftBy("model-8bit.part-00000001", ".lock");
    Path users = leftBy("model.part-two", "notes.txt");
    OutputFolder.create(parent.resolve("model")).close();
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(another));
    assertTrue(Files.exists(users));
  }

  @Test
  void runningConversion_isLeftAloneByAnotherOfTheSameTarget() throws IOException {
    try (OutputFolder running = OutputFolder.create(parent.resolve("model"))) {
      OutputFolder.create(parent.resolve("model")).close();
      assertTrue(Files.exists(running.folder()));
      running.finish();
    }
    assertEquals(List.of("model"), everything());
  }

  private Path leftBy(String name, String file) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    return Files.writeString(folder.resolve(file), "");
  }

  private List<String> everything() throws IOException {
    try (Stream<Path> walk = Files.walk(parent)) {
      return walk.skip(1).map(each -> parent.relativize(each).toString()).sorted().toList();
    }
  }
}
