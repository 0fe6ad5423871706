package dev.hbar.study.detect;

import dev.hbar.study.statistics.Promise;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.RiskCoverage;
import dev.hbar.study.statistics.ThresholdCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Several detectors on the answers of one states folder, side by side with what needs no knowledge.
 *
 * @param name of the states folder
 * @param detectors what they say about themselves
 * @param subsets all answers of a task, and its matched pairs
 */
public record DetectorsOnData(String name, List<DetectorReport> detectors, List<Subset> subsets) {
  private static final long SEED = 42;

  /** Copies the lists. */
  public DetectorsOnData {
    detectors = List.copyOf(detectors);
    subsets = List.copyOf(subsets);
  }

  /**
   * Some answers of a task.
   *
   * @param assessments of each detector, in the detectors' order
   * @param curves the detectors first, then the baselines
   */
  public record Subset(List<TaskAssessment> assessments, List<Curve> curves) {
    /** Copies the lists. */
    public Subset {
      assessments = List.copyOf(assessments);
      curves = List.copyOf(curves);
    }
  }

  /**
   * A score's curves.
   *
   * @param name of detector or baseline
   * @param control whether it is a baseline
   * @param roc over all thresholds
   * @param risk among the kept, by their share
   * @param promises what can be promised of answers that nothing was fitted on; empty if there are
   *     none, or too few
   */
  public record Curve(
      String name,
      boolean control,
      ThresholdCounts.RocCurve roc,
      RiskCoverage risk,
      List<Promise> promises) {
    /** Copies the list. */
    public Curve {
      promises = List.copyOf(promises);
    }
  }

  /**
   * Tests all.
   *
   * @param folders of detectors
   * @param progress gets a line per stage
   * @throws RuntimeException in one line, if a detector does not fit the data or it is too little
   */
  public static DetectorsOnData run(
      List<Path> folders, DetectionData data, Consumer<String> progress) {
    Assessor assessor = new Assessor(data, SEED, progress);
    List<DetectorTrial.Scored> scored = new ArrayList<>();
    List<List<TaskAssessment>> sections = new ArrayList<>();
    for (Path folder : folders) {
      DetectorTrial.Scored one = DetectorTrial.scored(folder, data);
      scored.add(one);
      sections.add(assessor.tested(name(folder, one.report()), one.scores(), false));
    }
    List<Subset> subsets = new ArrayList<>();
    for (int i = 0; i < sections.getFirst().size(); i++) {
      int section = i;
      List<TaskAssessment> own = sections.stream().map(all -> all.get(section)).toList();
      subsets.add(subset(own, scored, data, assessor));
    }
    Path folder = data.folder().folder().toAbsolutePath().normalize().getFileName();
    return new DetectorsOnData(
        folder.toString(), scored.stream().map(DetectorTrial.Scored::report).toList(), subsets);
  }

  /** How a detector is named beside others. */
  private static String name(Path folder, DetectorReport report) {
    String kind =
        report.point().equals(report.kind())
            ? ""
            : ", %s, %s".formatted(report.kind(), report.point());
    return folder.toAbsolutePath().normalize().getFileName() + kind;
  }

  private static Subset subset(
      List<TaskAssessment> assessments,
      List<DetectorTrial.Scored> scored,
      DetectionData data,
      Assessor assessor) {
    TaskAssessment first = assessments.getFirst();
    int[] task = data.ofTask(first.task());
    int[] rows = first.subset().equals("matched") ? data.matched(task) : task;
    DetectionData.Slice slice = DetectionData.Slice.of(rows, data.labels(), data.recordOf());
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < scored.size(); i++) {
      DetectorTrial.Scored one = scored.get(i);
      String name = assessments.get(i).figures().getFirst().name();
      curves.add(curve(name, one.scores(), slice, promises(one, data, rows)));
    }
    Assessor.Baselines baselines = assessor.baselines(rows);
    curves.add(curve(Assessor.SURFACE, baselines.surface(), slice, Optional.empty()));
    curves.add(curve(Assessor.BAG, baselines.bag(), slice, Optional.empty()));
    return new Subset(assessments, curves);
  }

  private static Curve curve(
      String name, double[] scores, DetectionData.Slice slice, Optional<List<Promise>> promises) {
    ThresholdCounts counts = new Ranking(slice.pick(scores), slice.labels()).counts();
    return new Curve(
        name,
        promises.isEmpty(),
        ThresholdCounts.RocCurve.of(counts),
        RiskCoverage.of(counts),
        promises.orElse(List.of()));
  }

  /** The promises on those of these answers that the detector was not fitted on. */
  private static Optional<List<Promise>> promises(
      DetectorTrial.Scored one, DetectionData data, int[] rows) {
    int[] unseen = IntStream.of(rows).filter(one.unseen()::get).toArray();
    DetectionData.Slice slice = DetectionData.Slice.of(unseen, data.labels(), data.recordOf());
    int[] drawn = Promise.oneOfEachRecord(slice.recordOf());
    double[] scores = slice.pick(one.scores());
    return Optional.of(
        Promise.ladder(
            IntStream.of(drawn).mapToDouble(i -> scores[i]).toArray(),
            IntStream.of(drawn).map(i -> slice.labels()[i]).toArray()));
  }
}
