package dev.hbar.study.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.io.Json;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.StudyException;
import dev.hbar.study.parquet.ParquetFile;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.page.HtmlPage.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A page and the folder beside it, which has its pictures as SVG, PNG and PDF, its drawings as SVG,
 * and its tables as CSV and Parquet and together as JSON.
 */
final class PageFiles {
  private PageFiles() {}

  /** The folder that belongs to a page. */
  static Path folder(Path page) {
    String name = page.getFileName().toString().replaceFirst("\\.html?$", "");
    return page.resolveSibling(name + "-files");
  }

  /**
   * Writes both.
   *
   * @throws StudyException if that fails
   */
  static void write(Path page, String html, List<Section> sections) {
    Path folder = folder(page);
    try {
      Files.createDirectories(folder);
      for (Section section : sections) {
        for (Section.Picture picture : section.pictures()) {
          Plot plot = picture.plot();
          List.of(".svg", ".png", ".pdf")
              .forEach(ending -> plot.write(folder.resolve(name(picture.id()) + ending)));
        }
        for (int i = 0; i < section.drawings().size(); i++) {
          String file = name(section.title().toLowerCase(Locale.ROOT)) + "-" + (i + 1);
          String svg = HtmlPage.alone(section.drawings().get(i));
          WholeFile.write(folder.resolve(file + ".svg"), bytes(svg));
        }
        for (Section.Table table : section.tables()) {
          WholeFile.write(folder.resolve(name(table.id()) + ".csv"), bytes(table.csv()));
          ParquetFile.write(
              folder.resolve(name(table.id()) + ".parquet"), table.rows().size(), table.parquet());
        }
      }
      WholeFile.write(folder.resolve("tables.json"), bytes(json(sections)));
      WholeFile.write(page, bytes(html));
    } catch (IOException e) {
      throw new StudyException(
          page, "cannot be written (" + ErrorText.reason(e) + "); choose another");
    }
  }

  private static String json(List<Section> sections) throws JsonProcessingException {
    JsonMapper mapper = Json.MAPPER;
    ObjectNode root = mapper.createObjectNode();
    for (Section section : sections) {
      for (Section.Table table : section.tables()) {
        ObjectNode node = root.putObject(table.id());
        node.put("caption", table.caption()).put("source", table.source());
        node.set("columns", mapper.valueToTree(table.columns()));
        node.set("rows", mapper.valueToTree(table.rows()));
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String name(String id) {
    return id.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
