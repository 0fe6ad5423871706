package dev.hbar.study.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.statistics.LikelihoodRatio;
import dev.hbar.study.statistics.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole detectors on written states whose truth is known. */
class DetectorFitTest {
  private static final int RECORDS = 150;
  private static final int WIDTH = WrittenStates.WIDTH;

  @TempDir Path folder;

  @Test
  void labelInABlockOnly_isKnownBeyondTheSurface() throws IOException {
    DetectorFit fit = fit(data("block.1", false, "sha"), DetectorKind.PROBE);
    assertEquals("block.1", fit.report().point());
    fit.report().choices().forEach(choice -> assertEquals("block.1", choice.point()));
    TaskAssessment section = fit.report().sections().getFirst();
    assertEquals(TaskAssessment.KNOWS, section.verdict());
    assertTrue(fit.report().reservation().isEmpty());
    assertTrue(fit.report().unfitToHalt().isEmpty());
    assertEquals(2 * RECORDS, section.samples());
    assertTrue(section.figures().getFirst().auroc() > 0.75);
    assertEquals(0.5, section.figures().get(2).auroc(), 0.12, "the bag of embeddings");
    assertEquals(0.5, fit.report().controls().permutedMean(), 0.1);
    assertEquals(0.5, fit.report().controls().random(), 0.12);
  }

  @Test
  void labelInTheEmbeddingToo_isNoMoreThanTheSurface() throws IOException {
    DetectorFit fit = fit(data("block.1,embedding", false, "sha"), DetectorKind.DIRECTION);
    TaskAssessment section = fit.report().sections().getFirst();
    assertTrue(section.figures().getFirst().auroc() > 0.75);
    assertTrue(!section.verdict().equals(TaskAssessment.KNOWS), section.verdict());
  }

  @Test
  void labelInTheLengthOnly_showsInTheSurfaceRow() throws IOException {
    DetectorFit fit = fit(data("", true, "sha"), DetectorKind.PROBE);
    TaskAssessment section = fit.report().sections().getFirst();
    assertTrue(section.figures().get(1).auroc() > 0.9, "surface");
    assertEquals(TaskAssessment.NO_MORE, section.verdict());
    String said = fit.report().reservation().orElseThrow();
    assertTrue(said.startsWith("knows no more than the surface on own, all, AUROC 0."), said);
  }

  @Test
  void detectorTheWrongWayRound_isUnfitToHalt() {
    assertTrue(ranking(0.4999).unfitToHalt().orElseThrow().contains("AUROC 0.400 [0.300, 0.500]"));
    assertTrue(ranking(0.5).unfitToHalt().isEmpty());
  }

  /** A report of two tasks on which the detector's intervals end here. */
  private static DetectorReport ranking(double high) {
    TaskAssessment.Separation figure = new TaskAssessment.Separation("probe", 0.4, 0.3, high, 0.4);
    List<TaskAssessment> sections =
        Stream.of("qa", "dialogue")
            .map(
                task ->
                    new TaskAssessment(
                        task,
                        "all",
                        80,
                        40,
                        List.of(figure),
                        List.of(),
                        new LikelihoodRatio(1, 0.3),
                        List.of(),
                        TaskAssessment.NO_MORE))
            .toList();
    return new DetectorReport(
        1,
        "probe",
        "block.1",
        "mean-answer",
        0.1,
        List.of(),
        "tiny",
        "sha",
        Map.of(),
        "p",
        "s",
        160,
        80,
        5,
        42,
        List.of(),
        sections,
        new DetectorReport.Controls(List.of(), 0.5),
        Map.of());
  }

  @Test
  void writtenDetector_isReadAsItWasFitted() throws IOException {
    DetectionData data = data("block.1", false, "sha");
    DetectorFit fit = fit(data, DetectorKind.PROBE);
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit);
    assertEquals(fit.report(), new DetectorFolder(out).report());
    assertEquals(List.of(new DetectorFolder(out)), DetectorFolder.list(folder));
    Detector live = Detector.read(out).requireFits("sha", WIDTH);
    Scorer.Linear linear = (Scorer.Linear) fit.scorer();
    for (int k = 0; k < WIDTH; k++) {
      assertEquals(linear.weights()[k], live.weights()[k], 1e-6 * Math.abs(linear.weights()[k]));
    }
    DetectorTrial trial = DetectorTrial.run(out, data, false, line -> {});
    assertEquals(2 * RECORDS, trial.seen());
    assertEquals(
        fit.report().sections().getFirst().figures().getFirst().auroc(),
        trial.sections().getFirst().figures().getFirst().auroc(),
        1e-12,
        "what it was fitted on has held-out scores");
  }

  @Test
  void statesOfAnotherCheckpoint_areRefused() throws IOException {
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit(data("block.1", false, "sha"), DetectorKind.PROBE));
    DetectionData other = data("block.1", false, "other");
    DetectorException refused =
        assertThrows(
            DetectorException.class, () -> DetectorTrial.run(out, other, false, line -> {}));
    assertTrue(refused.getMessage().contains("another checkpoint"), refused.getMessage());
    assertThrows(DetectorException.class, () -> Detector.read(out).requireFits("other", WIDTH));
  }

  @Test
  void answersItWasFittedOnWithAnotherPrompt_areRefused() throws IOException {
    DetectionData own = data("block.1", false, "sha");
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit(own, DetectorKind.PROBE));
    DetectionData other = changed(own, "\"protocol\": \"p\"", "\"protocol\": \"worded\"");
    DetectorException refused =
        assertThrows(
            DetectorException.class, () -> DetectorTrial.promise(out, other, false, 0.4, 0.9));
    assertTrue(
        refused.getMessage().startsWith(out + ": was fitted on 300 of the 300 answers"),
        refused.getMessage());
    assertEquals(0, DetectorTrial.run(out, ofOtherData(other), false, line -> {}).seen());
  }

  @Test
  void oneOfSeveralFilesItWasFittedOn_hasHeldOutScores() throws IOException {
    DetectionData own = data("block.1", false, "sha");
    String one = "{\"own\": \"d\"}";
    DetectionData two = changed(own, one, "{\"own\": \"d\", \"qa\": \"q\"}");
    DetectorFit fit = fit(two, DetectorKind.PROBE);
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit);
    DetectionData alone = changed(own, "{\"own\": \"d\", \"qa\": \"q\"}", one);
    DetectorTrial trial = DetectorTrial.run(out, alone, false, line -> {});
    assertEquals(2 * RECORDS, trial.seen());
    assertEquals(
        fit.report().sections().getFirst().figures().getFirst().auroc(),
        trial.sections().getFirst().figures().getFirst().auroc(),
        1e-12);
  }

  @Test
  void unsupervisedDistance_comesBackFromItsFolder() throws IOException {
    DetectionData data = data("block.1", false, "sha");
    DetectorFit fit = fit(data, DetectorKind.MAHALANOBIS);
    Path out = folder.resolve("distance");
    new DetectorFolder(out).write(fit);
    Scorer back = new DetectorFolder(out).scorer();
    float[][] x = data.folder().states(fit.report().point(), StatePosition.MEAN_ANSWER);
    double[] expected = new double[x.length];
    double[] actual = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = fit.scorer().score(x[i]);
      actual[i] = back.score(x[i]);
    }
    assertArrayEquals(expected, actual, 1e-3);
    assertThrows(DetectorException.class, () -> Detector.read(out));
  }

  @Test
  void transferMatrix_hasHeldOutScoresWhereTheDetectorWasFitted() throws IOException {
    DetectionData own = data("block.1", false, "sha");
    DetectorFit fit = fit(own, DetectorKind.PROBE);
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit);
    DetectionData other = ofOtherData(data("block.0", false, "sha"));
    TransferMatrix matrix =
        TransferMatrix.run(
            List.of(out),
            List.of(own.folder().folder(), other.folder().folder()),
            false,
            line -> {});
    assertEquals(2, matrix.columns().size());
    assertEquals(2, matrix.rows().size());
    TransferMatrix.Row row = matrix.rows().getFirst();
    assertEquals("detector", row.detector());
    assertEquals(
        fit.report().sections().getFirst().figures().getFirst().auroc(),
        row.cells().getFirst().figure().auroc(),
        1e-12);
    assertEquals(2 * RECORDS, row.cells().getFirst().seen());
    assertEquals(0, row.cells().getLast().seen());
    assertEquals(0.5, row.cells().getLast().figure().auroc(), 0.12, "the label is elsewhere");
    assertEquals(
        fit.report().sections().getFirst().figures().get(1).auroc(),
        matrix.rows().getLast().cells().getFirst().figure().auroc(),
        1e-12,
        "surface");
  }

  @Test
  void layerProfile_peaksWhereTheLabelIs() throws IOException {
    DetectionData data = data("block.1", false, "sha");
    LayerProfile profile =
        LayerProfile.run(
            data, DetectorKind.DIRECTION, StatePosition.MEAN_ANSWER, false, line -> {});
    assertEquals(
        List.of("block.0", "block.1"),
        profile.blocks().stream().map(block -> block.figure().name()).toList());
    assertEquals(0.5, profile.blocks().get(0).figure().auroc(), 0.12);
    assertTrue(profile.blocks().get(1).figure().auroc() > 0.75);
    assertEquals(0.5, profile.blocks().get(1).permuted(), 0.12);
    assertEquals(0.5, profile.bag().auroc(), 0.12);
    Path svg = folder.resolve("profile.svg");
    profile.write(svg);
    String picture = Files.readString(svg);
    assertTrue(picture.contains("<svg") && !picture.contains("<image"), "vectors");
    assertThrows(
        DetectorException.class,
        () ->
            LayerProfile.run(
                data, DetectorKind.SIGNALS, StatePosition.MEAN_ANSWER, false, line -> {}));
  }

  @Test
  void promise_isMadeOnAnswersThatNothingWasFittedOn() throws IOException {
    DetectionData own = data("block.1", false, "sha");
    DetectorFit fit = fit(own, DetectorKind.PROBE);
    Path out = folder.resolve("detector");
    new DetectorFolder(out).write(fit);
    assertThrows(DetectorException.class, () -> DetectorTrial.promise(out, own, false, 0.4, 0.9));
    DetectionData other = ofOtherData(own);
    Promise promise = DetectorTrial.promise(out, other, false, 0.4, 0.9).orElseThrow();
    assertEquals(RECORDS, promise.samples(), "one answer of each record");
    float[][] x = other.folder().states("block.1", StatePosition.MEAN_ANSWER);
    Scorer scorer = new DetectorFolder(out).scorer();
    int kept = 0;
    int wrong = 0;
    for (int i : Promise.oneOfEachRecord(other.recordOf())) {
      boolean keeps = scorer.score(x[i]) < promise.threshold();
      kept += keeps ? 1 : 0;
      wrong += keeps ? other.labels()[i] : 0;
    }
    assertEquals(kept, promise.kept());
    assertEquals(wrong, promise.wrong());
    assertTrue(kept > RECORDS / 3 && wrong < 0.4 * kept, kept + " " + wrong);
  }

  @Test
  void detectorsSideBySide_haveTheFiguresOfEachAloneAndTheirPromises() throws IOException {
    DetectionData own = data("block.1", false, "sha");
    List<Path> folders = new ArrayList<>();
    for (DetectorKind kind : List.of(DetectorKind.PROBE, DetectorKind.DIRECTION)) {
      folders.add(folder.resolve(kind.id()));
      new DetectorFolder(folders.getLast()).write(fit(own, kind));
    }
    DetectorsOnData.Subset seen =
        DetectorsOnData.run(folders, own, line -> {}).subsets().getFirst();
    assertEquals(List.of(), seen.curves().get(1).promises(), "all were fitted on");
    DetectionData other = ofOtherData(own);
    DetectorsOnData.Subset subset =
        DetectorsOnData.run(folders, other, line -> {}).subsets().getFirst();
    for (int i = 0; i < 2; i++) {
      DetectorTrial alone = DetectorTrial.run(folders.get(i), other, false, line -> {});
      assertEquals(
          alone.sections().getFirst().figures().subList(1, 5),
          subset.assessments().get(i).figures().subList(1, 5));
      assertEquals(
          alone.sections().getFirst().figures().getFirst().auroc(),
          subset.assessments().get(i).figures().getFirst().auroc());
      Promise promise = DetectorTrial.promise(folders.get(i), other, false, 0.4, 0.9).orElseThrow();
      assertTrue(subset.curves().get(i).promises().contains(promise));
      assertTrue(!subset.curves().get(i).control() && subset.curves().get(i + 2).control());
    }
  }

  private DetectionData ofOtherData(DetectionData data) throws IOException {
    return changed(data, "\"own\": \"d\"", "\"own\": \"e\"");
  }

  private static DetectionData changed(DetectionData data, String from, String to)
      throws IOException {
    Path json = data.folder().folder().resolve("states.json");
    String text = Files.readString(json);
    assertTrue(text.contains(from), text);
    Files.writeString(json, text.replace(from, to));
    return DetectionData.of(StatesFolder.open(data.folder().folder()));
  }

  @Test
  void matchedPairs_areThoseAlikeFromOutside() throws IOException {
    DetectionData alike = data("", false, "sha");
    assertEquals(2 * RECORDS, alike.matched(alike.all()).length);
    DetectionData longer = data("", true, "sha");
    assertEquals(0, longer.matched(longer.all()).length);
  }

  private static DetectorFit fit(DetectionData data, DetectorKind kind) {
    return DetectorFit.run(
        data,
        new DetectorFit.Request(
            kind, StatePosition.MEAN_ANSWER, OptionalInt.empty(), false, 5, 42, 2),
        line -> {});
  }

  private DetectionData data(String points, boolean inLength, String sha) throws IOException {
    WrittenStates states = new WrittenStates(sha, List.of(points.split(",")), inLength);
    return states.write(folder, WrittenStates.pairs("own", RECORDS));
  }
}
