package dev.hbar.study.plot;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A picture that can be had as PNG, SVG or PDF.
 *
 * @param width in pixels
 * @param height in pixels
 * @param drawing draws it at the origin of a canvas
 * @param marks values in it that a page can tell on hover
 */
public record Plot(
    int width, int height, Consumer<Graphics2D> drawing, Supplier<List<Mark>> marks) {
  private static final Pattern FURTHER_PLACES = Pattern.compile("(\\d\\.\\d\\d)\\d+(?![\\d%e])");

  /** A picture without values to tell. */
  public Plot(int width, int height, Consumer<Graphics2D> drawing) {
    this(width, height, drawing, List::of);
  }

  /**
   * Draws the picture into a file, which is replaced if it exists.
   *
   * @param file its name ends in .png, .svg or .pdf
   * @throws StudyException if the ending is another, or naming the file that cannot be written
   */
  public void write(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    byte[] bytes =
        switch (name.substring(name.lastIndexOf('.') + 1)) {
          case "png" -> png();
          case "svg" -> svg();
          case "pdf" -> vectors("pdf");
          default ->
              throw new StudyException(file + ": a picture's name ends in .png, .svg or .pdf");
        };
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      String why = ErrorText.reason(e);
      throw new StudyException(
          file + ": the picture cannot be written (" + why + "); choose another place", e);
    }
  }

  /** The picture as PNG; made in memory, so that no folder for temporary files is needed. */
  public byte[] png() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    drawing.accept(graphics);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream bytes = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The picture as an SVG document, its places to a hundredth of a pixel. */
  public byte[] svg() {
    String exact = new String(vectors("svg"), StandardCharsets.UTF_8);
    return FURTHER_PLACES.matcher(exact).replaceAll("$1").getBytes(StandardCharsets.UTF_8);
  }

  private byte[] vectors(String format) {
    VectorGraphics2D graphics = new VectorGraphics2D();
    drawing.accept(graphics);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Processors.get(format)
          .getDocument(graphics.getCommands(), new PageSize(width, height))
          .writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * A value in the picture.
   *
   * @param x in pixels from its left edge
   * @param y in pixels from its top
   * @param words what stands there, in lines
   */
  public record Mark(double x, double y, String words) {}
}
