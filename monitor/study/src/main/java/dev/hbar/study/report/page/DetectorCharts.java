package dev.hbar.study.report.page;

import dev.hbar.study.detect.DetectorReport;
import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.statistics.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The pictures of a {@link DetectorPage}, as SVG with values on hover. */
final class DetectorCharts {
  private static final double[] UNIT = {0, 1};
  private static final int SQUARE = 300;
  private static final int ROW = 30;

  /** First colour of the baselines. */
  private static final int CONTROLS = 6;

  private DetectorCharts() {}

  /** AUROC of detectors and of the first controls, with intervals. */
  static String forest(String title, DetectorsOnData.Subset subset) {
    List<TaskAssessment.Separation> rows = new ArrayList<>();
    subset.assessments().forEach(one -> rows.add(one.figures().getFirst()));
    List<TaskAssessment.Separation> all = subset.assessments().getFirst().figures();
    int detectors = rows.size();
    rows.addAll(all.subList(1, Math.min(5, all.size())));
    SvgChart chart =
        new SvgChart(title, UNIT, new double[] {-0.3, rows.size() - 0.2}, ROW * rows.size())
            .xAxis("AUROC with 95 % interval; 0.5 is chance")
            .guide(0.5, -0.3, 0.5, rows.size() - 0.2);
    for (int i = 0; i < rows.size(); i++) {
      TaskAssessment.Separation row = rows.get(i);
      chart.interval(
          row.name(),
          row.low(),
          row.auroc(),
          row.high(),
          rows.size() - 1 - i,
          i < detectors ? 0 : CONTROLS);
    }
    return chart.svg();
  }

  /** Through all thresholds. */
  static String roc(String title, DetectorsOnData.Subset subset) {
    SvgChart chart =
        new SvgChart("ROC, " + title, UNIT, UNIT, SQUARE)
            .axes("right answers flagged", "hallucinations flagged")
            .guide(0, 0, 1, 1);
    for (int i = 0; i < subset.curves().size(); i++) {
      DetectorsOnData.Curve curve = subset.curves().get(i);
      chart.line(
          curve.name(),
          curve.roc().falsePositiveRate(),
          curve.roc().truePositiveRate(),
          colour(subset, i),
          curve.control());
    }
    return chart.svg();
  }

  /** How many are wrong among the kept, with promises as points. */
  static String riskCoverage(String title, DetectorsOnData.Subset subset) {
    double most =
        subset.curves().stream()
            .flatMapToDouble(curve -> DoubleStream.of(curve.risk().risk()))
            .max()
            .orElse(0);
    SvgChart chart =
        new SvgChart(
                "Risk and coverage, " + title, UNIT, new double[] {0, upper(most, 0.6)}, SQUARE)
            .axes("share of answers kept", "hallucinated among them");
    for (int i = 0; i < subset.curves().size(); i++) {
      DetectorsOnData.Curve curve = subset.curves().get(i);
      chart.line(
          curve.name(),
          curve.risk().coverage(),
          curve.risk().risk(),
          colour(subset, i),
          curve.control());
      for (Promise promise : curve.promises()) {
        String words =
            String.format(
                Locale.ROOT,
                "%s: at most %.2f wrong among the %.2f kept, confidence 0.9 (%d of %d)",
                curve.name(),
                promise.mostWrong(),
                promise.coverage(),
                promise.wrong(),
                promise.kept());
        chart.promise(promise.coverage(), promise.mostWrong(), words, colour(subset, i), i == 0);
      }
    }
    return chart.svg();
  }

  /** The next tenth above all values, but not below {@code least}. */
  private static double upper(double most, double least) {
    return Math.max(least, Math.ceil(10 * most) / 10);
  }

  /** AUROC by block. */
  static String layers(LayerProfile one) {
    double[] depth = one.depth();
    double last = depth[depth.length - 1];
    double least =
        one.blocks().stream()
            .mapToDouble(block -> Math.min(block.figure().low(), block.permuted()))
            .min()
            .orElse(1);
    double[] bounds = {1 - upper(1 - Math.min(least, one.surface().auroc()), 0.6), 1};
    SvgChart chart =
        new SvgChart("AUROC by block", new double[] {0, last}, bounds, SQUARE)
            .axes("block", "AUROC on held-out records")
            .guide(0, 0.5, last, 0.5)
            .band(depth, values(one, b -> b.figure().low()), values(one, b -> b.figure().high()), 0)
            .line(one.kind(), depth, values(one, b -> b.figure().auroc()), 0, false)
            .line("bag of embeddings", depth, values(one, b -> one.bag().auroc()), 7, true)
            .line(
                "length, ending, overlap",
                depth,
                values(one, b -> one.surface().auroc()),
                CONTROLS,
                true)
            .line("permuted labels", depth, values(one, LayerProfile.Block::permuted), 1, false);
    return chart.svg();
  }

  /** AUROC of every detector on every set of answers. */
  static String transfer(List<DetectorsOnData> data, List<String> columns) {
    List<DetectorReport> detectors = data.getFirst().detectors();
    SvgChart chart =
        new SvgChart(
            "Transfer",
            new double[] {0, columns.size()},
            new double[] {0, detectors.size()},
            2 * ROW * detectors.size());
    for (int d = 0; d < detectors.size(); d++) {
      int column = 0;
      for (DetectorsOnData each : data) {
        for (DetectorsOnData.Subset subset : each.subsets()) {
          TaskAssessment.Separation figure = subset.assessments().get(d).figures().getFirst();
          String words = figure.name() + " on " + columns.get(column);
          chart.cell(column, detectors.size() - 1 - d, figure.auroc(), words);
          column++;
        }
      }
    }
    return chart.svg();
  }

  private static int colour(DetectorsOnData.Subset subset, int curve) {
    int detectors = subset.assessments().size();
    return curve < detectors ? curve % CONTROLS : CONTROLS + curve - detectors;
  }

  private static double[] values(LayerProfile profile, ToDoubleFunction<LayerProfile.Block> value) {
    return profile.blocks().stream().mapToDouble(value).toArray();
  }
}
