package dev.hbar.study.plot;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/** Writes pictures. */
public final class PngFile {
  private PngFile() {}

  /**
   * Writes a picture, replacing a file that is there.
   *
   * @throws PlotException naming the file that cannot be written
   */
  public static void write(BufferedImage image, Path png) {
    // Whole or not at all; a device or a pipe is written to, only a file can be replaced.
    boolean special = Files.exists(png) && !Files.isRegularFile(png);
    Path target = special ? png : png.resolveSibling(png.getFileName() + ".part");
    try {
      // A stream: given a file it cannot open, ImageIO prints a stack trace of its own.
      try (OutputStream out = Files.newOutputStream(target)) {
        ImageIO.write(image, "png", out);
      }
      if (!special) {
        Files.move(
            target, png, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      if (!special) {
        deleteQuietly(target, e);
      }
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      throw new PlotException(png + ": the picture cannot be written (" + kind + ")", e);
    }
  }

  private static void deleteQuietly(Path file, IOException cause) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
