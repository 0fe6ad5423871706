package dev.hbar.study.plot;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
    // A stream: given a file it cannot open, ImageIO prints a stack trace of its own.
    try (OutputStream out = Files.newOutputStream(png)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      throw new PlotException(png + ": the picture cannot be written (" + kind + ")", e);
    }
  }
}
