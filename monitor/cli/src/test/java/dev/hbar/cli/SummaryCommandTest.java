package dev.hbar.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.scores.SampleScore;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryCommandTest {
  @TempDir Path folder;

  @Test
  void scoreFile_givesTheTableInWords() {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(20));
    CommandRun run = CommandRun.of("summary", file.toString());
    assertEquals(0, run.code(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(
        "tiny, HaluEval qa: 41 samples (20 right, 20 hallucinated, 1 failed)", lines.getFirst());
    assertTrue(
        line(lines, "pri ")
            .matches(
                "pri +high +9.500 \\(5.77\\) +109.5 \\(5.77\\) +1.000 \\[no interval] +1.000 +better"
                    + " than chance"),
        run.out());
    assertTrue(
        line(lines, "surprise ").endsWith("0.500 [no interval]   0.500      no better than chance"),
        run.out());
    assertTrue(
        line(lines, "hbar ").matches("hbar +low .*\\d \\[0\\.\\d+, [01]\\.\\d+] .*"), run.out());
    assertEquals("failed: 1 x non-finite logits at step 2", lines.getLast());
  }

  @Test
  void json_hasTheSameNumbers() throws IOException {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(20));
    JsonNode json =
        new ObjectMapper().readTree(CommandRun.of("summary", "--json", file + "").out());
    assertEquals(41, json.get("samples").intValue());
    assertEquals(1, json.get("failed").intValue());
    JsonNode pri = json.get("signals").get(1);
    assertEquals("pri", pri.get("signal").asText());
    assertEquals("high", pri.get("risky_if").asText());
    assertEquals(109.5, pri.get("hallucinated").get("mean").doubleValue());
    assertEquals(Math.sqrt(33.25), pri.get("right").get("sd").doubleValue(), 1e-12);
    assertEquals(1.0, pri.get("auroc").doubleValue());
    assertTrue(pri.get("interval_95").isNull());
    assertEquals("better than chance", pri.get("verdict").asText());
    assertEquals(2, json.get("signals").get(0).get("interval_95").size());
  }

  @Test
  void summaryAndEvidence_giveOneVerdict() throws IOException {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.overlapping(30));
    ObjectMapper mapper = new ObjectMapper();
    JsonNode summary = mapper.readTree(CommandRun.of("summary", "--json", file + "").out());
    JsonNode evidence =
        mapper.readTree(CommandRun.of("summary", "--json", "--evidence", file + "").out());
    assertEquals(9, evidence.get("signals").size());
    for (int s = 0; s < 9; s++) {
      JsonNode brief = summary.get("signals").get(s);
      JsonNode full = evidence.get("signals").get(s);
      assertEquals(full.get("signal"), brief.get("signal"));
      assertEquals(full.at("/within/value"), brief.get("auroc"));
      assertEquals(
          Judgement.Verdict.valueOf(full.at("/judgement/verdict").asText()).words(),
          brief.get("verdict").asText().replaceFirst(" at this n.*", ""));
    }
    String text = CommandRun.of("summary", "--evidence", file + "").out();
    assertTrue(text.contains(line(summaryLines(file), "pri ").replaceAll(".*  ", "")), text);
  }

  private static List<String> summaryLines(Path file) {
    return CommandRun.of("summary", file + "").out().lines().toList();
  }

  @Test
  void plot_isAPictureWithBothColours() throws IOException {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(20));
    Path png = folder.resolve("s.png");
    CommandRun run = CommandRun.of("summary", file.toString(), "--plot", png.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().endsWith("plot: " + png + System.lineSeparator()), run.out());
    BufferedImage picture = ImageIO.read(png.toFile());
    assertEquals(1720, picture.getWidth());
    // Outlines of both labels in both panels: the line colours occur left and right.
    for (int colour : new int[] {0x0072b2, 0xd55e00}) {
      assertTrue(count(picture, colour, 0, 860) > 300, "left panel");
      assertTrue(count(picture, colour, 860, 1720) > 300, "right panel");
    }
  }

  @Test
  void plotAsSvgOrPdf_isAVectorPicture() throws IOException {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(20));
    Path svg = folder.resolve("s.svg");
    assertEquals(0, CommandRun.of("summary", file + "", "--plot", svg + "").code());
    String text = Files.readString(svg);
    assertTrue(text.contains("<svg") && text.contains("width=\"1720"), text.substring(0, 400));
    // Both panels, the right one moved; texts stay texts or outlines, never one bitmap.
    assertTrue(text.contains("860"), "the right panel is moved");
    assertFalse(text.contains("data:image"), "no bitmap inside");
    Path pdf = folder.resolve("s.pdf");
    assertEquals(0, CommandRun.of("summary", file + "", "--plot", pdf + "").code());
    assertTrue(new String(Files.readAllBytes(pdf), ISO_8859_1).startsWith("%PDF-"));
    CommandRun gif = CommandRun.of("summary", file + "", "--plot", folder + "/s.gif");
    assertEquals(1, gif.code());
    assertEquals(
        "hbar: " + folder + "/s.gif: a picture's name ends in .png, .svg or .pdf",
        gif.err().strip());
  }

  @Test
  void sample_isPrintedWithTheNumberOfItsLine() throws IOException {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(4));
    List<String> lines =
        CommandRun.of("summary", file + "", "--sample", "qa_1_hal").out().lines().toList();
    // Line 1 is the header.
    assertEquals("line 5", lines.getFirst());
    assertEquals(Files.readAllLines(file).get(4), lines.get(1));
    CommandRun none = CommandRun.of("summary", file + "", "--sample", "qa_99");
    assertEquals(1, none.code());
    assertEquals(
        "hbar: " + file + ": has no sample qa_99; its 9 ids begin with qa_0_cor, qa_0_hal",
        none.err().strip());
  }

  @Test
  void tokens_areMeansOverTheSamplesThatHaveThem() {
    List<SampleScore> scores = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Map<Signal, Double> whole = ScoreFiles.study(1, 1, 1, 1, 1, 1);
      TokenSignals first = new TokenSignals(7, i, 1, 1, 1, 0, 2 * i);
      // Only the right answers have five samples with a second token.
      List<TokenSignals> rows = i % 2 == 0 || i == 1 ? List.of(first, first) : List.of(first);
      scores.add(
          SampleScore.Scored.of(
              "qa_" + i, i % 2, 50, OptionalInt.empty(), rows.size(), "eos", whole, rows));
    }
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), scores);
    List<String> lines = CommandRun.of("summary", file + "", "--tokens").out().lines().toList();
    assertEquals(4, lines.size(), lines.toString());
    // Right answers: 0, 2, .. 10; hallucinated ones: 1, 3, .. 11.
    assertTrue(lines.get(1).matches("right +1 +6 +5.000 \\[.*] +10.00 \\[.*]"), lines.get(1));
    assertTrue(lines.get(2).matches("right +2 +6 +5.000 .*"), lines.get(2));
    assertTrue(lines.get(3).matches("hallucinated +1 +6 +6.000 .* +12.00 .*"), lines.get(3));
  }

  @Test
  void fileWithoutTokenRows_saysHowToGetThem() {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(4));
    CommandRun run = CommandRun.of("summary", file + "", "--tokens");
    assertEquals(
        "hbar: " + file + ": has no token rows: score with --per-token", run.err().strip());
    assertEquals(2, CommandRun.of("summary", file + "", "--tokens", "--evidence").code());
  }

  @Test
  void fileWithOneLabel_saysWhatItNeeds() {
    List<SampleScore> right =
        ScoreFiles.separatedByPri(3).stream().filter(score -> score.label() == 0).toList();
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), right);
    Path png = folder.resolve("s.png");
    CommandRun run = CommandRun.of("summary", file.toString(), "--plot", png.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("needs samples of both labels"), run.out());
    assertTrue(Files.exists(png));
  }

  @Test
  void fileWithFailuresOnly_hasNoPlot() {
    Path file =
        ScoreFiles.write(
            folder.resolve("s.jsonl"), List.of(ScoreFiles.separatedByPri(0).getFirst()));
    CommandRun run = CommandRun.of("summary", file.toString(), "--plot", folder + "/s.png");
    assertEquals(1, run.code());
    assertEquals(
        "hbar: nothing to plot: no sample in the file has a score; leave --plot out",
        run.err().strip());
  }

  @Test
  void missingFile_isOneLine() {
    CommandRun run = CommandRun.of("summary", folder + "/none.jsonl");
    assertEquals(1, run.code());
    assertEquals(
        "hbar: " + folder + "/none.jsonl: no such file; check its name", run.err().strip());
    assertTrue(run.out().isEmpty());
  }

  @Test
  void plotIntoAMissingFolder_isOneLineNamingThePath() {
    Path file = ScoreFiles.write(folder.resolve("s.jsonl"), ScoreFiles.separatedByPri(3));
    CommandRun run = CommandRun.of("summary", file.toString(), "--plot", folder + "/no/s.png");
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(
        run.err()
            .contains(
                "/no/s.png: the picture cannot be written (no such file); choose another place"),
        run.err());
    assertFalse(run.out().contains("plot:"));
  }

  private static String line(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static int count(BufferedImage picture, int colour, int from, int to) {
    int found = 0;
    for (int x = from; x < to; x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        found += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
      }
    }
    return found;
  }
}
