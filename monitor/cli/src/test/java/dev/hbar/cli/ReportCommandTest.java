package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.dataset.Selection;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SECTIONS =
      List.of(
          "What came out",
          "Curves",
          "Token by token",
          "Distributions",
          "Quadrants",
          "Models compared",
          "The same samples, other weights",
          "Does a calibration transfer?",
          "Reliability and selective answering",
          "All signals",
          "Cost",
          "Method and provenance");

  @TempDir Path folder;

  @Test
  void publishedScores_giveEverySectionWithPicturesThatShowSomething() throws IOException {
    CommandRun run = report(published());
    assertEquals(0, run.code(), run.err());
    String page = Files.readString(folder.resolve("report.html"));
    for (String section : SECTIONS) {
      assertTrue(page.contains(">" + section + "</h2>"), section);
    }
    List<String> pictures =
        Pattern.compile("<figure class=\"plot\">(<svg .*?</svg>)<figcaption>", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();
    // Per model ROC, precision, two distributions, risk, correlations; both: forests, shifts, PRI.
    assertEquals(2 * 6 + 2 + 2, pictures.size());
    for (String picture : pictures) {
      assertTrue(picture.split("<(line|path|rect) ").length > 20, "a picture of few strokes");
      assertFalse(picture.contains("<image"), "no bitmap inside");
      assertFalse(picture.contains("rgb("), "a colour that is not the page's");
      boolean curve = picture.matches("(?s)<svg id=\"(roc|pr|risk|distribution)-.*");
      assertTrue(!curve || picture.split("\"dot\".*<title>").length > 9, "no values on hover");
    }
    try (Stream<Path> files = Files.list(folder.resolve("report-files"))) {
      List<Path> all = files.toList();
      assertEquals(
          pictures.size(), all.stream().filter(pdf -> pdf.toString().endsWith(".pdf")).count());
      List<Path> bitmaps = all.stream().filter(file -> file.toString().endsWith(".png")).toList();
      assertEquals(pictures.size(), bitmaps.size());
      for (Path bitmap : bitmaps) {
        BufferedImage image = ImageIO.read(bitmap.toFile());
        assertTrue(colours(image) > 20, bitmap + ": a picture of one colour shows nothing");
      }
    }
    boolean fromGit = Files.exists(Path.of(System.getProperty("hbar.root"), ".git"));
    Pattern program =
        Pattern.compile(
            "hbar \\d+\\.\\d+\\.\\d+, commit " + (fromGit ? "[0-9a-f]{7,}" : "unknown"));
    assertTrue(program.matcher(page).find(), "the program that computed the figures");
    assertFalse(page.contains("<img "), "a picture with a ground of its own");
    assertFalse(page.contains(folder.toString()), "a path of this machine");
    assertFalse(page.contains("src=\"http"), "self-contained");
    assertFalse(page.contains("<script src") || page.contains("@import"), "nothing is loaded");
    assertFalse(page.contains("display: none\">"), "without the script all is there too");
  }

  @Test
  void namesOfTwoSignals_doNotOverprint() throws IOException {
    assertEquals(0, report(published()).code());
    String svg = Files.readString(folder.resolve("report-files/shifts.svg"));
    List<Double> tops =
        Pattern.compile("translate\\([\\d.]+ ([\\d.]+)\\)")
            .matcher(svg)
            .results()
            .map(text -> Double.parseDouble(text.group(1)))
            .toList();
    // What is drawn last are the names of the rows, from the top.
    tops = tops.subList(tops.size() - 2, tops.size());
    assertTrue(Math.abs(tops.get(1) - tops.get(0)) > 20, tops + " for letters of 16 pixels");
  }

  @Test
  void firstScreen_hasTheVerdictAndItsFigures() throws IOException {
    assertEquals(0, report(published()).code());
    String page = Files.readString(folder.resolve("report.html"));
    String screen = page.substring(page.indexOf("<header"), page.indexOf("</header>"));
    assertTrue(
        screen.contains(
            "<h1>PRI (on 2 of 2 models) is better than chance at finding hallucinated answers;"
                + " hbar_s is not shown to be</h1>"),
        screen);
    assertTrue(screen.contains("each on 500 answers (255 hallucinated) of 490 records."), screen);
    List<String> figures =
        Pattern.compile("class=\"big\">([0-9.]+)</p><p>AUROC, 95 % (\\[.*?\\])<")
            .matcher(screen)
            .results()
            .map(found -> found.group(1) + " " + found.group(2))
            .toList();
    List<String> summary = new ArrayList<>();
    tables().at("/summary/rows").forEach(row -> summary.add(row.get(4).textValue()));
    assertEquals(4, summary.size());
    assertEquals(summary, figures);
    assertEquals(3, screen.split("<figure class=\"panel\">").length - 1, "one for each task");
    assertTrue(page.contains("@media print"), "paper");
  }

  @Test
  void modelsOfDifferentTasks_haveAPanelForEachTask() throws IOException {
    Path study = Files.createDirectory(folder.resolve("tasks"));
    for (String task : List.of("qa", "dialogue")) {
      Selection all = new Selection.Slice(task, 0, 20);
      ScoreFiles.write(study.resolve(task + ".jsonl"), "c", all, ScoreFiles.overlapping(task, 20));
    }
    CommandRun run = report(study);
    assertEquals(0, run.code(), run.err());
    List<String> panels =
        Pattern.compile("<figure class=\"panel\"><figcaption><b>(\\w+)</b> (\\d+ answers)<")
            .matcher(Files.readString(folder.resolve("report.html")))
            .results()
            .map(found -> found.group(1) + ": " + found.group(2))
            .toList();
    assertEquals(List.of("dialogue: 40 answers", "qa: 40 answers"), panels);
  }

  @Test
  void figuresOfPublishedScores_areThoseOfTheCommandBelow() throws IOException {
    assertEquals(0, report(published()).code());
    JsonNode table = tables().at("/signals-llama-3.2-3b_validation_n500");
    JsonNode evidence = JSON.readTree(runPrinted(published(), table));
    assertEquals(evidence.at("/signals").size(), table.at("/rows").size());
    assertSignals(evidence, table);
    // The figure that was published, to all digits that are shown.
    assertEquals("0.531", first(table, "hbar").get(2).textValue().substring(0, 5));
    assertEquals("0.603", first(table, "pri").get(2).textValue().substring(0, 5));
  }

  @Test
  void figuresOfASweep_areThoseOfTheCommandBelow() throws IOException {
    Path study = folder.resolve("study");
    for (String model : List.of("a", "b")) {
      Path at = Files.createDirectories(study.resolve(model));
      Selection train = new Selection.Drawn("train", 40, 42);
      Selection test = new Selection.Drawn("test", 60, 42);
      ScoreFiles.write(at.resolve("calibration.jsonl"), model, train, ScoreFiles.overlapping(20));
      ScoreFiles.write(at.resolve("validation.jsonl"), model, test, ScoreFiles.overlapping(30));
    }
    assertEquals(0, report(study).code());
    JsonNode table = tables().at("/signals-a");
    JsonNode result = JSON.readTree(runPrinted(study, table));
    assertSignals(result.at("/evidence"), table);
    JsonNode quadrants = tables().at("/quadrants/rows");
    for (int q = 1; q <= 4; q++) {
      assertEquals(
          result.at("/quadrant_analysis/q" + q + "/count"), quadrants.get(q - 1).get(2), "Q" + q);
    }
    JsonNode transfer = tables().at("/transfer");
    assertEquals(4, transfer.at("/rows").size());
    String last = runPrinted(study, transfer);
    assertEquals(
        three(JSON.readTree(last).at("/auroc_and_prauc/joint/auroc")),
        transfer.at("/rows/3/2").textValue());
    JsonNode shift = tables().at("/paired/rows/0");
    assertEquals("0.000", shift.get(3).textValue().substring(0, 5));
    assertEquals("1.000", shift.get(6).textValue());
    List<String> shifts = runPrinted(study, tables().at("/paired")).lines().toList();
    assertEquals(tables().at("/paired/rows").size(), shifts.size() - 1);
    assertTrue(shifts.get(1).startsWith("hbar "), shifts.get(1));
    assertEquals("a", tables().at("/provenance/rows/0/1").textValue());
  }

  @Test
  void folderOfOneModel_isOneModel() throws IOException {
    Path model = Files.createDirectories(folder.resolve("one"));
    ScoreFiles.write(
        model.resolve("calibration.jsonl"),
        "a",
        new Selection.Drawn("train", 40, 42),
        ScoreFiles.overlapping(20));
    ScoreFiles.write(
        model.resolve("validation.jsonl"),
        "a",
        new Selection.Drawn("test", 60, 42),
        ScoreFiles.overlapping(30));
    CommandRun run = report(model);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().startsWith("report on 1 model:"), run.out());
    JsonNode quadrants = tables().at("/quadrants/rows");
    String page = Files.readString(folder.resolve("report.html"));
    assertTrue(
        page.contains("%d samples flagged by neither".formatted(quadrants.get(0).get(2).asInt())));
    // Numbers stay numbers in a CSV, texts are quoted.
    String csv = Files.readString(folder.resolve("report-files/quadrants.csv"));
    assertTrue(
        csv.contains("\n\"one\",\"Q1 neither flags\"," + quadrants.get(0).get(2) + ","), csv);
  }

  @Test
  void folderWithoutScores_isOneLine() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertOneLine(report(empty), empty + ": holds no model");
    assertOneLine(report(folder.resolve("none")), "none: is not a folder that can be read");
  }

  @Test
  void unfinishedModel_isLeftOutAndSaidToBe() throws IOException {
    Path study = published();
    Selection all = new Selection.Drawn("test", 60, 42);
    Path half = ScoreFiles.write(study.resolve("half.jsonl"), "c", all, ScoreFiles.overlapping(20));
    CommandRun run = report(study);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().startsWith("report on 2 models"), run.out());
    String page = Files.readString(folder.resolve("report.html"));
    assertTrue(page.contains("Warning: left out: half.jsonl: holds 40 of 60 samples"));
    try (Stream<Path> files = Files.list(study)) {
      for (Path file : files.filter(each -> !each.equals(half)).toList()) {
        Files.delete(file);
      }
    }
    assertOneLine(report(study), "holds no model that can be used: " + half);
  }

  @Test
  void brokenScoreFile_isNamedWithItsLine() throws IOException {
    Path study = Files.createDirectory(folder.resolve("study"));
    Path file = ScoreFiles.write(study.resolve("a.jsonl"), ScoreFiles.overlapping(3));
    List<String> lines = Files.readAllLines(file);
    Files.write(file, List.of(lines.get(0), lines.get(1), "{\"id\":", lines.get(2)));
    assertOneLine(report(study), file + ", line 3: its checksum does not fit");
    assertFalse(Files.exists(folder.resolve("report.html")));
  }

  @Test
  void pageThatCannotBeWritten_isOneLine() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "in the way");
    CommandRun run =
        CommandRun.of(
            "report", published() + "", "--out", blocked + "/report.html", "--resamples", "20");
    assertOneLine(run, blocked + "/report.html: cannot be written");
  }

  private CommandRun report(Path study) {
    return CommandRun.of(
        "report", study + "", "--out", folder + "/report.html", "--resamples", "20");
  }

  private Path published() throws IOException {
    Path study = Files.createDirectories(folder.resolve("published"));
    for (String name : List.of("llama-3.2-3b", "qwen-2.5-7b")) {
      String file = name + "_validation_n500.json";
      try (InputStream in = ReportCommandTest.class.getResourceAsStream("/study/" + file)) {
        Files.write(study.resolve(file), in.readAllBytes());
      }
    }
    return study;
  }

  private JsonNode tables() throws IOException {
    return JSON.readTree(folder.resolve("report-files/tables.json").toFile());
  }

  /**
   * Runs what is printed under a table in the folder of the scores; what the last command prints.
   */
  private String runPrinted(Path study, JsonNode table) {
    String out = "";
    for (String command : table.get("source").textValue().split("\n|&&")) {
      List<String> words = Arrays.asList(command.strip().split(" "));
      assertEquals("hbar", words.getFirst());
      String[] args =
          words.stream()
              .skip(1)
              .map(word -> word.matches("(params|result).json") ? folder.resolve(word) + "" : word)
              .map(word -> word.matches(".*\\.jsonl?") ? study.resolve(word) + "" : word)
              .toArray(String[]::new);
      CommandRun run = CommandRun.of(args);
      assertEquals(0, run.code(), run.err());
      out = run.out();
    }
    return out;
  }

  private static void assertSignals(JsonNode evidence, JsonNode table) {
    for (JsonNode signal : evidence.at("/signals")) {
      JsonNode row = first(table, signal.get("signal").textValue());
      JsonNode auroc = signal.get("auroc");
      assertEquals(
          "%s [%s, %s]"
              .formatted(
                  three(auroc.get("value")),
                  three(auroc.at("/by_record/low")),
                  three(auroc.at("/by_record/high"))),
          row.get(2).textValue());
      assertEquals(three(signal.get("prr")), row.get(5).textValue());
    }
  }

  private static JsonNode first(JsonNode table, String signal) {
    JsonNode rows = table.at("/rows");
    return IntStream.range(0, rows.size())
        .mapToObj(rows::get)
        .filter(row -> row.get(0).textValue().equals(signal))
        .findFirst()
        .orElseThrow();
  }

  private static String three(JsonNode number) {
    return String.format(Locale.ROOT, "%.3f", number.doubleValue());
  }

  private static long colours(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }

  private static void assertOneLine(CommandRun run, String part) {
    assertEquals(1, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("hbar: ") && run.err().contains(part), run.err());
  }
}
