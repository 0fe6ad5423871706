package dev.hbar.report.study;

import dev.hbar.evaluate.Area;
import dev.hbar.plot.CurveChart;
import dev.hbar.report.study.Section.Picture;
import dev.hbar.report.study.Section.Table;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** The models beside each other, and beside the published figures. */
final class ComparisonSection {
  private static final int WIDTH = 1000;
  private static final int ROW_HEIGHT = 58;
  private static final int FRAME = 110;
  private static final List<String> SIGNALS = List.of("hbar", "pri");
  private static final int OURS = 0;
  private static final int THEIRS = 6;

  private final Study study;
  private final List<Published> published = Published.all();

  private ComparisonSection(Study study) {
    this.study = study;
  }

  static Section of(Study study) {
    return new ComparisonSection(study).section();
  }

  private Section section() {
    List<Picture> pictures =
        SIGNALS.stream()
            .map(
                signal ->
                    new Picture(
                        "models-" + signal,
                        "AUROC of %s by model, 95 %% over records; grey: published"
                            .formatted(Words.signal(signal)),
                        forest(signal)))
            .toList();
    return new Section(
        "Models compared",
        List.of(
            "Blue: this study, with intervals. Grey: the figures published in January 2026, which"
                + " came without intervals (at n = 500 an AUROC of 0.5 to 0.6 is known to about"
                + " +-0.05, at n = 200 to about +-0.08) and used prompts with empty dialogues."
                + " hbar_s is read the way its calibration found it: low values are risky."),
        pictures,
        List.of(table()));
  }

  private BufferedImage forest(String signal) {
    List<String> names = new ArrayList<>();
    published.reversed().forEach(line -> names.add(line.model() + ", " + line.set()));
    study.models().reversed().forEach(model -> names.add(model.name()));
    CurveChart chart =
        new CurveChart(
                Words.signal(signal), "AUROC", "", WIDTH, FRAME + ROW_HEIGHT * (names.size() + 1))
            .withoutLegend()
            .yLabels(row -> label(names, row), ROW_HEIGHT);
    int row = 0;
    double low = 0.4;
    double high = 0.7;
    for (Published line : published.reversed()) {
      double value = line.auroc(signal);
      chart.interval(value, value, value, row++, THEIRS);
    }
    for (StudyModel model : study.models().reversed()) {
      Area area = model.evidence().signal(signal).orElseThrow().auroc();
      low = Math.min(low, area.byRecord().low() - 0.02);
      high = Math.max(high, area.byRecord().high() + 0.02);
      chart.interval(area.byRecord().low(), area.value(), area.byRecord().high(), row++, OURS);
    }
    return chart
        .guide(new double[] {0.5, 0.5}, new double[] {-1, names.size()})
        .bounds(low, high, -1, names.size())
        .image();
  }

  /** XChart leaves all labels out if two are equal, so that blank ones differ in length. */
  private static String label(List<String> names, double row) {
    int index = (int) Math.round(row);
    boolean isRow = Math.abs(row - index) < 1e-6 && index >= 0 && index < names.size();
    return isRow ? names.get(index) : " ".repeat(2 + (int) Math.round(row * 4 + 4));
  }

  private Table table() {
    List<List<Object>> rows = new ArrayList<>();
    for (StudyModel model : study.models()) {
      List<Object> row = new ArrayList<>(List.of(model.name(), "here", model.evidence().samples()));
      SIGNALS.forEach(
          signal -> row.add(Figures.area(model.evidence().signal(signal).orElseThrow().auroc())));
      rows.add(row);
    }
    for (Published line : published) {
      List<Object> row =
          new ArrayList<>(List.of(line.model(), "published, " + line.set(), line.samples()));
      DoubleStream.of(line.aurocHbar(), line.aurocPri())
          .forEach(value -> row.add(Figures.three(value)));
      rows.add(row);
    }
    return new Table(
        "models",
        "AUROC by model",
        study.commands(),
        List.of("model", "where", "samples", "hbar_s", "PRI"),
        rows);
  }
}
