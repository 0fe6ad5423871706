package dev.hbar.study.report.page;

import dev.hbar.study.plot.DistributionChart;
import dev.hbar.study.report.page.Section.Picture;
import java.util.ArrayList;
import java.util.List;

/** How the study's two signals are distributed over right and hallucinated answers. */
final class DistributionSection {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 620;

  private DistributionSection() {}

  static Section of(Study study) {
    List<Picture> pictures = new ArrayList<>();
    for (StudyModel model : study.models()) {
      pictures.add(picture(model, "hbar", "hbar_s, mean of the five largest"));
      pictures.add(picture(model, "pri", "PRI in nats, mean of the five largest"));
    }
    return new Section(
        "Distributions",
        List.of(
            "Histograms of the sample scores by label, every sample as a dot below, means dashed,"
                + " the calibrated threshold solid where there is one."
                + " Where the two outlines lie on each other, no threshold can separate them."),
        pictures,
        List.of());
  }

  private static Picture picture(StudyModel model, String signal, String axis) {
    return new Picture(
        "distribution-" + signal + "-" + model.name(),
        Words.signal(signal) + " by label, " + model.name(),
        DistributionChart.image(
            model.validation().column(signal, 0),
            model.validation().column(signal, 1),
            axis,
            model.threshold(signal),
            WIDTH,
            HEIGHT));
  }
}
