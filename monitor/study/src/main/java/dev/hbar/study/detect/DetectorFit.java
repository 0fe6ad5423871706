package dev.hbar.study.detect;

import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.statistics.LikelihoodRatio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Fits a detector and measures it on held-out records.
 *
 * @param report what it is and is worth
 * @param scorer the detector; a linear one gives log-odds, calibrated on the held-out scores
 */
public record DetectorFit(DetectorReport report, Scorer scorer) {
  /**
   * How a detector is fitted.
   *
   * @param kind the way
   * @param position where its states are taken
   * @param layer the block; empty: chosen inside each fold
   * @param matched whether only pairs that look alike from outside take part
   * @param folds outer folds
   * @param seed of folds and controls
   * @param permutations repetitions of the permuted-label control
   */
  public record Request(
      DetectorKind kind,
      StatePosition position,
      OptionalInt layer,
      boolean matched,
      int folds,
      long seed,
      int permutations) {}

  /**
   * Fits one.
   *
   * @param progress gets a line per stage
   * @throws DetectorException if the samples are too few, or not of both labels
   */
  public static DetectorFit run(DetectionData data, Request request, Consumer<String> progress) {
    int[] rows = request.matched() ? data.matched(data.all()) : data.all();
    requireBothLabels(data, rows);
    NestedCrossValidation fitting =
        new NestedCrossValidation(
            request.kind(),
            features(data, request),
            data.recordOf(),
            request.folds(),
            request.seed());
    requireRecords(data, rows, request.folds());
    progress.accept("held-out scores, %s folds".formatted(request.folds()));
    NestedCrossValidation.HeldOut heldOut = fitting.heldOut(data.labels(), rows);
    progress.accept("fit on all %s samples".formatted(rows.length));
    NestedCrossValidation.Fitted fitted = fitting.fit(data.labels(), rows);
    double[] platt = platt(heldOut.scores(), data.labels(), rows);
    double[] scores = Arrays.stream(heldOut.scores()).map(s -> platt[0] * s + platt[1]).toArray();
    progress.accept("permuted labels and random features");
    DetectorReport.Controls controls =
        DetectorReport.Controls.run(fitting, data.labels(), rows, request.permutations());
    String name = name(fitted.choice(), request);
    List<TaskAssessment> sections =
        new Assessor(data, request.seed(), progress).sections(name, scores, request.matched());
    Scorer scorer =
        fitted.scorer() instanceof Scorer.Linear linear
            ? linear.then(platt[0], platt[1])
            : fitted.scorer();
    return new DetectorFit(
        report(data, request, rows, heldOut, fitted.choice(), sections, controls, scores), scorer);
  }

  private static void requireBothLabels(DetectionData data, int[] rows) {
    long right = Arrays.stream(rows).filter(row -> data.labels()[row] == 0).count();
    if (right == 0 || right == rows.length) {
      throw new DetectorException(
          data.folder().folder(),
          "%s samples take part, %s of them right, and a detector needs both labels; keep states of more samples, or leave --matched out"
              .formatted(rows.length, right));
    }
  }

  /** What is left of the rarer label after an outer fold is dealt into folds again. */
  private static void requireRecords(DetectionData data, int[] rows, int folds) {
    DetectionData.Slice slice = DetectionData.Slice.of(rows, data.labels(), data.recordOf());
    int records = Math.min(slice.recordsWith(0), slice.recordsWith(1));
    int left = records - Math.ceilDiv(records, folds);
    if (records < folds || left < NestedCrossValidation.INNER_FOLDS) {
      throw new DetectorException(
          data.folder().folder(),
          "%s are too few for %s folds; give other --folds, or keep states of more records"
              .formatted(slice.words(), folds));
    }
  }

  private static DetectionData.Features features(DetectionData data, Request request) {
    if (request.kind().onSignals()) {
      return data.signals();
    }
    if (!request.kind().onStates()) {
      return data.states(List.of(request.kind().features()), StatePosition.MEAN_ANSWER);
    }
    List<String> points =
        request.layer().isPresent()
            ? List.of("block." + request.layer().getAsInt())
            : data.folder().blocks();
    return data.states(points, request.position());
  }

  private static String name(DetectorReport.Choice choice, Request request) {
    return request.kind().onStates()
        ? "%s, %s, %s".formatted(request.kind().id(), choice.point(), request.position().id())
        : request.kind().id();
  }

  private static String position(Request request) {
    if (request.kind().onSignals()) {
      return "answer";
    }
    StatePosition position =
        request.kind().onStates() ? request.position() : StatePosition.MEAN_ANSWER;
    return position.id();
  }

  /** Slope and offset that make held-out scores log-odds; a score that ranks wrongly stays. */
  private static double[] platt(double[] scores, int[] labels, int[] rows) {
    double[][] x =
        Arrays.stream(rows).mapToObj(r -> new double[] {scores[r]}).toArray(double[][]::new);
    int[] y = Arrays.stream(rows).map(row -> labels[row]).toArray();
    double[] fitted = LikelihoodRatio.fit(x, y);
    return fitted[0] > 0 ? fitted : new double[] {1, 0};
  }

  private static DetectorReport report(
      DetectionData data,
      Request request,
      int[] rows,
      NestedCrossValidation.HeldOut heldOut,
      DetectorReport.Choice choice,
      List<TaskAssessment> sections,
      DetectorReport.Controls controls,
      double[] scores) {
    StatesFolder.Header header = data.folder().header();
    Map<String, Double> byId = new LinkedHashMap<>();
    for (int row : rows) {
      byId.put(data.folder().rows().get(row).id(), scores[row]);
    }
    return new DetectorReport(
        DetectorReport.FORMAT,
        request.kind().id(),
        choice.point(),
        position(request),
        choice.strength(),
        request.kind().onSignals() ? data.signalNames() : List.of(),
        header.checkpoint(),
        header.checkpointSha256(),
        header.dataSha256(),
        header.protocol(),
        header.selection().words(),
        rows.length,
        (int) Arrays.stream(rows).map(row -> data.recordOf()[row]).distinct().count(),
        request.folds(),
        request.seed(),
        heldOut.choices(),
        new ArrayList<>(sections),
        controls,
        byId);
  }
}
