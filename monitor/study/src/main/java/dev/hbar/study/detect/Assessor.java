package dev.hbar.study.detect;

import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.statistics.GradeAgreement;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.LikelihoodRatio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Puts a detector's scores beside what needs no model's knowledge, task by task. */
final class Assessor {
  private static final int FOLDS = 5;

  private static final List<Signal> COMPARED =
      List.of(
          GivenSignals.LOGPROB_MEAN,
          GivenSignals.LOGPROB_MIN,
          GivenSignals.CONTEXT_GAIN,
          GivenSignals.YES_NO);

  static final String SURFACE = "surface (length, ending, overlap)";
  static final String BAG = "bag of embeddings";

  private final DetectionData data;
  private final long seed;
  private final Consumer<String> progress;
  private final Map<List<Integer>, Baselines> known = new HashMap<>();

  Assessor(DetectionData data, long seed, Consumer<String> progress) {
    this.data = data;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * The sections of all tasks.
   *
   * @param scores of every sample by its row, from a detector that has not seen its record
   */
  List<TaskAssessment> sections(String name, double[] scores, boolean matchedOnly) {
    List<TaskAssessment> sections = new ArrayList<>();
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

  /**
   * The same, at least one.
   *
   * @throws DetectorException if every task has too few samples
   */
  List<TaskAssessment> tested(String name, double[] scores, boolean matchedOnly) {
    List<TaskAssessment> sections = sections(name, scores, matchedOnly);
    if (sections.isEmpty()) {
      String counts =
          data.tasks().stream()
              .map(task -> task + " has " + counts(task, matchedOnly))
              .collect(Collectors.joining(", "));
      throw new DetectorException(
          data.folder().folder(), DetectionData.tooFew(counts, matchedOnly));
    }
    return sections;
  }

  private String counts(String task, boolean matchedOnly) {
    int[] rows = data.ofTask(task);
    return DetectionData.Slice.of(
            matchedOnly ? data.matched(rows) : rows, data.labels(), data.recordOf())
        .words();
  }

  private void add(
      List<TaskAssessment> sections,
      String task,
      String subset,
      int[] rows,
      String name,
      double[] scores) {
    DetectionData.Slice slice = DetectionData.Slice.of(rows, data.labels(), data.recordOf());
    if (!slice.isEnough()) {
      progress.accept(task + ", " + subset + ": only " + slice.words() + ", left out");
      return;
    }
    progress.accept(task + ", " + subset + ": baselines");
    Baselines baselines = baselines(rows);
    double[] surface = baselines.surface();
    double[] bag = baselines.bag();
    Map<String, double[]> compared = compared(name, scores, baselines);
    List<TaskAssessment.Separation> figures = new ArrayList<>();
    compared.forEach(
        (one, values) -> figures.add(TaskAssessment.Separation.of(one, values, slice)));
    List<TaskAssessment.Comparison> against = new ArrayList<>();
    against.add(TaskAssessment.Comparison.of(SURFACE, scores, surface, slice, seed));
    against.add(TaskAssessment.Comparison.of(BAG, scores, bag, slice, seed));
    double[] holm =
        Holm.correct(against.stream().mapToDouble(TaskAssessment.Comparison::p).toArray());
    for (int i = 0; i < holm.length; i++) {
      against.set(i, against.get(i).corrected(holm[i]));
    }
    LikelihoodRatio ratio = ratio(slice, scores, bag);
    sections.add(
        new TaskAssessment(
            task,
            subset,
            rows.length,
            slice.recordCount(),
            figures,
            against,
            ratio,
            graded(compared, slice),
            TaskAssessment.verdict(against, ratio, slice.recordCount())));
  }

  /** The scores of all samples by name: the detector's, then what it is compared with. */
  private Map<String, double[]> compared(String name, double[] scores, Baselines baselines) {
    Map<String, double[]> compared = new LinkedHashMap<>();
    compared.put(name, scores);
    compared.put(SURFACE, baselines.surface());
    compared.put(BAG, baselines.bag());
    compared.put("length in characters", data.text(text -> text.chars()));
    compared.put("overlap with the context", data.text(text -> text.overlap()));
    for (Signal signal : data.hasSignals() ? COMPARED : List.<Signal>of()) {
      compared.put(signal.id(), data.signal(signal.id()));
    }
    return compared;
  }

  private List<GradeAgreement> graded(Map<String, double[]> compared, DetectionData.Slice slice) {
    double[] grades = slice.pick(data.grades());
    if (!GradeAgreement.isGraded(grades)) {
      return List.of();
    }
    return compared.entrySet().stream()
        .map(
            one ->
                GradeAgreement.of(
                    one.getKey(), slice.pick(one.getValue()), grades, slice.recordOf()))
        .toList();
  }

  /**
   * What needs no knowledge, held out; computed once for the same samples.
   *
   * @param surface length, ending and overlap
   * @param bag the mean of the answer's embeddings
   */
  record Baselines(double[] surface, double[] bag) {}

  Baselines baselines(int[] rows) {
    return known.computeIfAbsent(
        Arrays.stream(rows).boxed().toList(),
        same ->
            new Baselines(
                heldOut(DetectorKind.SIGNALS, data.surface(), rows),
                heldOut(DetectorKind.PROBE, data.bag(), rows)));
  }

  private double[] heldOut(DetectorKind kind, DetectionData.Features features, int[] rows) {
    return new NestedCrossValidation(kind, features, data.recordOf(), FOLDS, seed)
        .heldOut(data.labels(), rows)
        .scores();
  }

  /** Does the detector add to length, ending, overlap and the bag's held-out score? */
  private LikelihoodRatio ratio(DetectionData.Slice slice, double[] scores, double[] bag) {
    float[][] surface = data.surface().byName().get("surface");
    double[][] base = new double[slice.rows().length][];
    for (int i = 0; i < base.length; i++) {
      float[] features = surface[slice.rows()[i]];
      base[i] = new double[features.length + 1];
      for (int k = 0; k < features.length; k++) {
        base[i][k] = features[k];
      }
      base[i][features.length] = bag[slice.rows()[i]];
    }
    return LikelihoodRatio.of(base, slice.pick(scores), slice.labels());
  }
}
