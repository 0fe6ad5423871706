package dev.hbar.study.report.page;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.plot.DistributionChart;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.scores.SampleScore.Scored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the two signals of the study are distributed by label: over samples, and token by token. */
record DistributionSections(Study study) {
  private static final int WIDTH = 860;
  private static final int SAMPLE_HEIGHT = 620;
  private static final int TOKEN_HEIGHT = 640;
  private static final int SINGLE = 3;
  private static final List<String> LABELS = List.of("right answers", "hallucinated answers");

  /** Histograms of the sample scores. */
  HtmlPage.Section bySample() {
    List<Picture> pictures = new ArrayList<>();
    for (Study.Model model : study.models()) {
      pictures.add(histogram(model, Signal.HBAR.id(), "hbar_s, mean of the five largest"));
      pictures.add(histogram(model, Signal.PRI.id(), "PRI in nats, mean of the five largest"));
    }
    return new HtmlPage.Section(
        "Distributions",
        List.of(
            "Histograms of the sample scores by label, every sample as a dot below, means dashed,"
                + " the calibrated threshold solid where there is one."
                + " Where the two outlines lie on each other, no threshold can separate them."),
        pictures,
        List.of());
  }

  private static Picture histogram(Study.Model model, String signal, String axis) {
    return new Picture(
        "distribution-" + signal + "-" + model.name(),
        Study.label(signal) + " by label, " + model.name(),
        DistributionChart.plot(
            model.validation().column(signal, 0),
            model.validation().column(signal, 1),
            axis,
            model.threshold(signal),
            WIDTH,
            SAMPLE_HEIGHT));
  }

  /** The signals along the generated tokens, as measured; the published figure was simulated. */
  HtmlPage.Section byToken() {
    List<Picture> pictures = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    for (Study.Model model : study.models()) {
      model
          .trajectories()
          .ifPresent(
              trajectories -> {
                pictures.add(picture(model, trajectories, Signal.HBAR, "hbar_s"));
                pictures.add(picture(model, trajectories, Signal.PRI, "PRI, nats"));
                tables.add(table(model, trajectories));
              });
    }
    List<String> words = new ArrayList<>();
    words.add(
        "Measured at every generated token, as the model answered. Thick lines are means with"
            + " their 95 % band (normal), as far as five samples go on; thin lines are single"
            + " samples. Later tokens exist only for samples that had not ended, so that the"
            + " lines do not show the same samples throughout.");
    if (pictures.isEmpty()) {
      words.add("No score file here has token rows: score with --per-token to get them.");
    }
    return new HtmlPage.Section("Token by token", words, pictures, tables);
  }

  private static Picture picture(
      Study.Model model, Trajectories trajectories, Signal signal, String axis) {
    CurveChart chart =
        new CurveChart(model.name(), "generated token, from 1", axis, WIDTH, TOKEN_HEIGHT);
    for (int label = 0; label < LABELS.size(); label++) {
      band(chart, trajectories.mean(label, signal), label);
      singles(chart, trajectories, label, signal);
    }
    for (int label = 0; label < LABELS.size(); label++) {
      List<Trajectories.Point> points = trajectories.mean(label, signal);
      if (!points.isEmpty()) {
        chart.line(
            LABELS.get(label),
            points.stream().mapToDouble(point -> point.index() + 1).toArray(),
            points.stream().mapToDouble(Trajectories.Point::mean).toArray(),
            label);
      }
    }
    return new Picture(
        "tokens-" + signal.id() + "-" + model.name(),
        axis + " by token, " + model.name(),
        chart.plot());
  }

  private static void band(CurveChart chart, List<Trajectories.Point> points, int label) {
    if (points.size() > 1) {
      chart.band(
          points.stream().mapToDouble(point -> point.index() + 1).toArray(),
          points.stream().mapToDouble(point -> point.interval().low()).toArray(),
          points.stream().mapToDouble(point -> point.interval().high()).toArray(),
          label);
    }
  }

  private static void singles(
      CurveChart chart, Trajectories trajectories, int label, Signal signal) {
    List<Scored> some =
        trajectories.samples().stream()
            .filter(sample -> sample.label() == label && sample.tokens().size() > 1)
            .limit(SINGLE)
            .toList();
    for (Scored sample : some) {
      double[] y = sample.tokens().stream().mapToDouble(token -> token.get(signal)).toArray();
      double[] x = new double[y.length];
      Arrays.setAll(x, i -> i + 1);
      chart.thin(x, y, label);
    }
  }

  private Table table(Study.Model model, Trajectories trajectories) {
    List<List<Object>> rows = new ArrayList<>();
    for (int label = 0; label < LABELS.size(); label++) {
      List<Trajectories.Point> hbar = trajectories.mean(label, Signal.HBAR);
      List<Trajectories.Point> pri = trajectories.mean(label, Signal.PRI);
      for (int i = 0; i < hbar.size(); i++) {
        rows.add(
            List.of(
                LABELS.get(label),
                i + 1,
                hbar.get(i).samples(),
                NumberText.significant(hbar.get(i).mean()),
                NumberText.interval(hbar.get(i).interval()),
                NumberText.significant(pri.get(i).mean()),
                NumberText.interval(pri.get(i).interval())));
      }
    }
    return new Table(
        "tokens-" + model.name(),
        "Means by token, " + model.name(),
        "hbar summary %s --tokens".formatted(study.word(model.file())),
        List.of("label", "token", "samples", "hbar_s", "95 %", "PRI", "95 %"),
        rows);
  }
}
