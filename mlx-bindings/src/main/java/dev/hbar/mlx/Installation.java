package dev.hbar.mlx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** How hbar came onto this machine, and so what mends its native libraries. */
public enum Installation {
  /** A clone of the repository: {@code hbar.root} names it. */
  CLONE("run scripts/setup"),
  /**
   * An unpacked release, which has no scripts: {@code hbar.root} names it, and its jar is there.
   */
  RELEASE("unpack the release again"),
  /** A program with hbar among its dependencies: there is no {@code hbar.root}. */
  PROGRAM("run scripts/setup in a clone of hbar, or use its natives jar");

  private final String remedy;

  Installation(String remedy) {
    this.remedy = remedy;
  }

  /** What the user is to do about libraries that are missing, wrong or changed; a clause. */
  public String remedy() {
    return remedy;
  }

  /** The installation of this JVM. */
  public static Installation current() {
    return of(System.getProperties());
  }

  static Installation of(Properties properties) {
    String root = properties.getProperty("hbar.root", "");
    if (root.isBlank()) {
      return PROGRAM;
    }
    return Files.exists(Path.of(root, "lib", "hbar.jar")) ? RELEASE : CLONE;
  }
}
