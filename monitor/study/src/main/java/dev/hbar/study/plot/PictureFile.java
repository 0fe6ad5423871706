package dev.hbar.study.plot;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures as PNG, SVG or PDF, depending on the extension of the file name. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * Draws a picture into a file, which is replaced if it exists.
   *
   * @param file its name ends in .png, .svg or .pdf
   * @param width in pixels
   * @param height in pixels
   * @param drawing draws it
   * @throws StudyException if the ending is another, or naming the file that cannot be written
   */
  public static void write(Path file, int width, int height, Consumer<Graphics2D> drawing) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String format = name.substring(name.lastIndexOf('.') + 1);
    try {
      byte[] bytes =
          switch (format) {
            case "png" -> pixels(width, height, drawing);
            case "svg", "pdf" -> vectors(format, width, height, drawing);
            default ->
                throw new StudyException(file + ": a picture's name ends in .png, .svg or .pdf");
          };
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      throw new StudyException(file + ": the picture cannot be written (" + kind + ")", e);
    }
  }

  private static byte[] pixels(int width, int height, Consumer<Graphics2D> drawing)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    drawing.accept(graphics);
    graphics.dispose();
    return png(image);
  }

  /** A picture as PNG; made in memory, so that no folder for temporary files is needed. */
  public static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream bytes = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(image, "png", bytes);
    }
    return out.toByteArray();
  }

  private static byte[] vectors(String format, int width, int height, Consumer<Graphics2D> drawing)
      throws IOException {
    VectorGraphics2D graphics = new VectorGraphics2D();
    drawing.accept(graphics);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Processors.get(format)
        .getDocument(graphics.getCommands(), new PageSize(width, height))
        .writeTo(out);
    return out.toByteArray();
  }
}
