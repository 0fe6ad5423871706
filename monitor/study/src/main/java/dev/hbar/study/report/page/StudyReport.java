package dev.hbar.study.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.StudyFolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The report on a study: one self-contained HTML page, and beside it a folder with every picture as
 * PNG, every table as CSV, and all tables as one JSON.
 */
public final class StudyReport {
  private final Study study;
  private final List<Section> sections;

  private StudyReport(Study study) {
    this.study = study;
    this.sections =
        List.of(
            SummarySection.of(study),
            CurvesSection.of(study),
            TrajectorySection.of(study),
            DistributionSection.of(study),
            QuadrantSection.of(study),
            ComparisonSection.of(study),
            PairedSection.of(study),
            TransferSection.of(study),
            ReliabilitySection.of(study),
            SignalsSection.of(study),
            CostSection.of(study),
            MethodSection.of(study));
  }

  /**
   * Computes everything from the scores in a folder.
   *
   * @throws StudyFolderException if it holds no model
   * @throws dev.hbar.study.scores.ScoreFileException naming file and line of a broken score file
   */
  public static StudyReport of(Path folder, Bootstrap.Settings settings) {
    return new StudyReport(Study.read(folder, settings));
  }

  /** Number of models. */
  public int models() {
    return study.models().size();
  }

  /** The folder of pictures and tables that goes with a page. */
  public static Path files(Path page) {
    String name = page.getFileName().toString().replaceFirst("\\.html?$", "");
    return page.resolveSibling(name + "-files");
  }

  /**
   * Writes the page and its folder.
   *
   * @throws StudyFolderException if that fails
   */
  public void write(Path page) {
    Path folder = files(page);
    try {
      Files.createDirectories(folder);
      for (Section section : sections) {
        for (Picture picture : section.pictures()) {
          replace(folder.resolve(name(picture.id()) + ".png"), HtmlPage.png(picture.image()));
        }
        for (Table table : section.tables()) {
          replace(folder.resolve(name(table.id()) + ".csv"), bytes(csv(table)));
        }
      }
      replace(folder.resolve("tables.json"), bytes(json()));
      replace(page, bytes(html()));
    } catch (IOException e) {
      throw new StudyFolderException(page, "cannot be written (" + e.getMessage() + ")");
    }
  }

  private String html() {
    String names = study.models().stream().map(StudyModel::name).collect(Collectors.joining(", "));
    return new HtmlPage()
        .render(
            "How unsure is the model? " + names,
            "Computed from the score files in %s. Under each table stands the command that gives the same figures from them (run it in %s); hbar summary FILE --sample ID prints the line of one sample. Every picture and table is also in the folder beside this page."
                .formatted(study.folder(), Path.of("").toAbsolutePath()),
            sections);
  }

  private String json() throws JsonProcessingException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    for (Section section : sections) {
      for (Table table : section.tables()) {
        ObjectNode node = root.putObject(table.id());
        node.put("caption", table.caption()).put("source", table.source());
        node.set("columns", mapper.valueToTree(table.columns()));
        node.set("rows", mapper.valueToTree(table.rows()));
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static String csv(Table table) {
    return line(table.columns())
        + table.rows().stream().map(StudyReport::line).collect(Collectors.joining());
  }

  private static String line(List<?> cells) {
    return cells.stream()
        .map(
            cell ->
                cell instanceof Number
                    ? cell.toString()
                    : "\"" + cell.toString().replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(",", "", "\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String name(String id) {
    return id.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** Whole or not at all. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
