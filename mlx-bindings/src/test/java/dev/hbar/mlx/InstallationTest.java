package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir Path folder;

  @Test
  void release_isNotMendedByScriptsThatItDoesNotHave() throws IOException {
    Files.createFile(Files.createDirectory(folder.resolve("lib")).resolve("hbar.jar"));
    assertEquals(Installation.RELEASE, at(folder.toString()));
    assertFalse(Installation.RELEASE.remedy().contains("scripts"));
  }

  @Test
  void rootWithoutAJar_isAClone() {
    assertEquals(Installation.CLONE, at(folder.toString()));
    assertEquals("run scripts/setup", Installation.CLONE.remedy());
  }

  @Test
  void noRoot_isAProgramThatNeedsTheNativesJar() {
    assertEquals(Installation.PROGRAM, Installation.of(new Properties()));
    assertEquals(Installation.PROGRAM, at(" "));
    assertTrue(Installation.PROGRAM.remedy().endsWith("natives jar"));
  }

  private static Installation at(String root) {
    Properties properties = new Properties();
    properties.setProperty("hbar.root", root);
    return Installation.of(properties);
  }
}
