package dev.hbar.study.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Compares the models with each other and with the published figures. */
final class ModelsSection {
  private static final int WIDTH = 1000;
  private static final int ROW_HEIGHT = 58;
  private static final int FRAME = 110;
  private static final List<String> SIGNALS = List.of(Signal.HBAR.id(), Signal.PRI.id());
  private static final double ABOVE = 0.15;
  // Right of the line of chance.
  private static final double BESIDE = 0.505;
  private static final int OURS = 0;
  private static final int THEIRS = 6;

  private final Study study;
  private final List<Published> published = Published.all();

  ModelsSection(Study study) {
    this.study = study;
  }

  HtmlPage.Section section() {
    List<Picture> pictures =
        SIGNALS.stream()
            .map(
                signal ->
                    new Picture(
                        "models-" + signal,
                        "AUROC of %s by model, 95 %% over records; grey: published"
                            .formatted(Study.label(signal)),
                        forest(signal)))
            .toList();
    return new HtmlPage.Section(
        "Models compared",
        List.of(
            "Blue: this study, with intervals. Grey: the figures published in January 2026, which"
                + " came without intervals (at n = 500 an AUROC of 0.5 to 0.6 is known to about"
                + " +-0.05, at n = 200 to about +-0.08) and used prompts with empty dialogues."
                + " hbar_s is read the way its calibration found it: low values are risky."),
        pictures,
        List.of(table()));
  }

  private Plot forest(String signal) {
    List<String> names = names(signal);
    int height = FRAME + ROW_HEIGHT * (names.size() + 1);
    CurveChart chart =
        new CurveChart(Study.label(signal), "AUROC", "", WIDTH, height)
            .withoutLegend()
            .withoutYAxis();
    double low = 0.4;
    double high = 0.7;
    int row = names.size();
    for (Study.Model model : study.models()) {
      SignalEvidence.PooledArea area = model.evidence().signal(signal).orElseThrow().auroc();
      low = Math.min(low, area.byRecord().low() - 0.02);
      high = Math.max(high, area.byRecord().high() + 0.02);
      chart.interval(area.byRecord().low(), area.value(), area.byRecord().high(), --row, OURS);
    }
    for (Published line : published) {
      double value = line.auroc(signal);
      chart.interval(value, value, value, --row, THEIRS);
    }
    // The texts right of chance need half of the width.
    high = Math.max(high, 1 - low);
    for (int i = 0; i < names.size(); i++) {
      chart.text(names.get(i), BESIDE, names.size() - 1 - i + ABOVE);
    }
    return chart
        .guide(new double[] {0.5, 0.5}, new double[] {-1, names.size()})
        .bounds(low, high, -0.7, names.size())
        .plot();
  }

  /** The text above each row, from the top. */
  private List<String> names(String signal) {
    List<String> names = new ArrayList<>();
    for (Study.Model model : study.models()) {
      names.add(
          model.name()
              + "  "
              + NumberText.area(model.evidence().signal(signal).orElseThrow().auroc()));
    }
    for (Published line : published) {
      names.add(
          "%s, %s  %s, published"
              .formatted(line.model(), line.set(), NumberText.three(line.auroc(signal))));
    }
    return names;
  }

  private Table table() {
    List<List<Object>> rows = new ArrayList<>();
    for (Study.Model model : study.models()) {
      List<Object> row = new ArrayList<>(List.of(model.name(), "here", model.evidence().samples()));
      SIGNALS.forEach(
          signal ->
              row.add(NumberText.area(model.evidence().signal(signal).orElseThrow().auroc())));
      rows.add(row);
    }
    for (Published line : published) {
      List<Object> row =
          new ArrayList<>(List.of(line.model(), "published, " + line.set(), line.samples()));
      DoubleStream.of(line.aurocHbar(), line.aurocPri())
          .forEach(value -> row.add(NumberText.three(value)));
      rows.add(row);
    }
    return new Table(
        "models",
        "AUROC by model",
        study.commands(),
        List.of("model", "where", "samples", "hbar_s", "PRI"),
        rows);
  }

  /**
   * One line of the study's published figures (January 2026), from its result files.
   *
   * @param model name at mlx-community
   * @param set calibration or validation
   * @param samples number of scored samples
   */
  private record Published(
      String model, String set, int samples, double aurocHbar, double aurocPri) {
    /** All lines. */
    static List<Published> all() {
      try (InputStream in = Published.class.getResourceAsStream("published.json")) {
        List<Published> lines = new ArrayList<>();
        for (JsonNode line : new JsonMapper().readTree(in)) {
          lines.add(
              new Published(
                  line.path("model").asText(),
                  line.path("set").asText(),
                  line.path("samples").asInt(),
                  line.path("auroc_hbar").asDouble(),
                  line.path("auroc_pri").asDouble()));
        }
        return lines;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    double auroc(String signal) {
      return signal.equals(Signal.PRI.id()) ? aurocPri : aurocHbar;
    }
  }
}
