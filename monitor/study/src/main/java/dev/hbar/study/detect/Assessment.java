package dev.hbar.study.detect;

import dev.hbar.study.statistics.Holm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts a detector's scores beside what needs no model's knowledge, task by task. */
final class Assessment {
  private static final int FOLDS = 5;
  private static final String SURFACE = "surface (length, ending, overlap)";
  private static final String BAG = "bag of embeddings";

  private final DetectionData data;
  private final long seed;
  private final Consumer<String> progress;

  Assessment(DetectionData data, long seed, Consumer<String> progress) {
    this.data = data;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * The sections of all tasks.
   *
   * @param scores of every sample by its row, from a detector that has not seen its record
   */
  List<Section> sections(String name, double[] scores, boolean matchedOnly) {
    List<Section> sections = new ArrayList<>();
    for (String task : data.tasks()) {
      int[] rows = data.ofTask(task);
      int[] matched = data.matched(rows);
      if (!matchedOnly) {
        add(
            sections,
            task,
            matched.length == rows.length ? "all, matched" : "all",
            rows,
            name,
            scores);
      }
      if (matchedOnly || matched.length < rows.length) {
        add(sections, task, "matched", matched, name, scores);
      }
    }
    return sections;
  }

  private void add(
      List<Section> sections,
      String task,
      String subset,
      int[] rows,
      String name,
      double[] scores) {
    Figure.Sides sides = Figure.Sides.of(rows, data.labels(), data.recordOf());
    if (sides.recordCount() < 2 * FOLDS) {
      progress.accept(task + ", " + subset + ": fewer than " + 2 * FOLDS + " records, left out");
      return;
    }
    progress.accept(task + ", " + subset + ": baselines");
    double[] surface = heldOut(Kind.SIGNALS, data.surface(), rows);
    double[] bag = heldOut(Kind.PROBE, data.bag(), rows);
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of(name, scores, sides));
    figures.add(Figure.of(SURFACE, surface, sides));
    figures.add(Figure.of(BAG, bag, sides));
    figures.add(Figure.of("length in characters", data.text(text -> text.chars()), sides));
    figures.add(Figure.of("overlap with the context", data.text(text -> text.overlap()), sides));
    for (String signal : List.of("logprob_mean", "logprob_min", "context_gain", "yes_no")) {
      figures.add(Figure.of(signal, data.signal(signal), sides));
    }
    List<Against> against = new ArrayList<>();
    against.add(Against.of(SURFACE, scores, surface, sides, seed));
    against.add(Against.of(BAG, scores, bag, sides, seed));
    double[] holm = Holm.correct(against.stream().mapToDouble(Against::p).toArray());
    for (int i = 0; i < holm.length; i++) {
      against.set(i, against.get(i).corrected(holm[i]));
    }
    LikelihoodRatio ratio = ratio(sides, scores, bag);
    sections.add(
        new Section(
            task,
            subset,
            rows.length,
            sides.recordCount(),
            figures,
            against,
            ratio,
            Section.verdict(against, ratio, sides.recordCount())));
  }

  private double[] heldOut(Kind kind, Features features, int[] rows) {
    return new Fitting(kind, features, data.recordOf(), FOLDS, seed)
        .heldOut(data.labels(), rows)
        .scores();
  }

  /** Does the detector add to length, ending, overlap and the bag's held-out score? */
  private LikelihoodRatio ratio(Figure.Sides sides, double[] scores, double[] bag) {
    float[][] surface = data.surface().byName().get("surface");
    double[][] base = new double[sides.rows().length][];
    for (int i = 0; i < base.length; i++) {
      float[] features = surface[sides.rows()[i]];
      base[i] = new double[features.length + 1];
      for (int k = 0; k < features.length; k++) {
        base[i][k] = features[k];
      }
      base[i][features.length] = bag[sides.rows()[i]];
    }
    return LikelihoodRatio.of(base, sides.pick(scores), sides.labels());
  }
}
