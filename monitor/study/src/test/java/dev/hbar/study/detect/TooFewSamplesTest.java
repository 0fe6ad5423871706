package dev.hbar.study.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.HbarException;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.states.StatePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers about which nothing can be said: few, or of one kind. */
class TooFewSamplesTest {
  private static final WrittenStates STATES = new WrittenStates("sha", List.of("block.1"), false);

  @TempDir Path folder;
  private Path detector;

  @BeforeEach
  void fitOne() throws IOException {
    detector = folder.resolve("detector");
    new DetectorFolder(detector).write(fit(STATES.write(folder, WrittenStates.pairs("qa", 30))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9})
  void fewRecords_areRefusedInOneLineByWhateverTests(int records) throws IOException {
    DetectionData data = STATES.write(folder, WrittenStates.pairs("own", records));
    String counts =
        "own has %s records with a right answer and %s with a wrong one, too few to test on (at least 10 with each)"
            .formatted(records, records);
    for (Executable one : tests(data, false)) {
      refused(data, one, counts + "; keep states of more");
    }
  }

  @Test
  void tenRecords_areTested() throws Throwable {
    for (Executable one : tests(STATES.write(folder, WrittenStates.pairs("own", 10)), false)) {
      one.execute();
    }
  }

  @Test
  void answersOfOneKind_areRefusedByWhateverTests() throws IOException {
    for (int label : new int[] {0, 1}) {
      DetectionData data = STATES.write(folder, alone("own", 40, 0, label));
      String counts =
          "own has %s records with a right answer and %s with a wrong one"
              .formatted(40 - 40 * label, 40 * label);
      for (Executable one : tests(data, false)) {
        refused(data, one, counts);
      }
      refused(data, () -> fit(data), "40 samples take part");
    }
  }

  @Test
  void unlikePairs_areRefusedWithTheWayOut() throws IOException {
    DetectionData data =
        new WrittenStates("sha", List.of("block.1"), true)
            .write(folder, WrittenStates.pairs("own", 30));
    for (Executable one : tests(data, true)) {
      refused(
          data,
          one,
          "own has 0 records with a right answer and 0 with a wrong one, too few to test on"
              + " (at least 10 with each); keep states of more, or leave --matched out");
    }
  }

  @Test
  void taskOfOneKindBesideAnother_isLeftOut() throws IOException {
    List<WrittenStates.Row> rows = new ArrayList<>(WrittenStates.pairs("own", 12));
    rows.addAll(alone("dialogue", 12, 0, 0));
    DetectionData data = STATES.write(folder, rows);
    List<String> lines = new ArrayList<>();
    DetectorTrial trial = DetectorTrial.run(detector, data, false, lines::add);
    assertEquals(List.of("own"), trial.sections().stream().map(TaskAssessment::task).toList());
    String left =
        "dialogue, all: only 12 records with a right answer and 0 with a wrong one, left out";
    assertTrue(lines.contains(left), lines.toString());
    assertEquals(1, fit(data).report().sections().size());
  }

  @Test
  void tasksThatAreAllTooSmall_areNamedTogether() throws IOException {
    List<WrittenStates.Row> rows = new ArrayList<>(WrittenStates.pairs("own", 5));
    rows.addAll(WrittenStates.pairs("dialogue", 9));
    DetectionData data = STATES.write(folder, rows);
    refused(
        data,
        () -> DetectorTrial.run(detector, data, false, line -> {}),
        "own has 5 records with a right answer and 5 with a wrong one, "
            + "dialogue has 9 records with a right answer and 9 with a wrong one, too few");
  }

  @Test
  void rarerLabel_countsForTheFolds() throws IOException {
    DetectionData four = STATES.write(folder, alone("own", 40, 4, 0));
    refused(
        four,
        () -> fit(four),
        "40 records with a right answer and 4 with a wrong one are too few for 5 folds");
    DetectorFit five = fit(STATES.write(folder, alone("own", 40, 5, 0)));
    assertEquals(45, five.report().heldOut().size());
    assertEquals(List.of(), five.report().sections(), "too few to be tested");
  }

  @Test
  void foldsOfOneLabel_areRefusedWhateverTheSeed() {
    int[] labels = {0, 0, 0, 0, 0, 0, 1, 0};
    int[] rows = IntStream.range(0, labels.length).toArray();
    float[][] x = new float[labels.length][1];
    NestedCrossValidation fitting =
        new NestedCrossValidation(
            DetectorKind.PROBE, DetectionData.Features.of("x", x), rows, 4, 1);
    HbarException refused = assertThrows(HbarException.class, () -> fitting.heldOut(labels, rows));
    assertTrue(refused.getMessage().contains("another --seed"), refused.getMessage());
  }

  @Test
  void emptyFolder_isRefused() {
    HbarException refused =
        assertThrows(HbarException.class, () -> STATES.write(folder, List.of()));
    assertTrue(
        refused.getMessage().contains("has no states (0 samples failed"), refused.getMessage());
  }

  @Test
  void permutedLabels_leaveNoRecordOfOneAnswerAsItWas() {
    int[] records = IntStream.range(0, 202).map(i -> i < 4 ? i / 2 : i).toArray();
    int[] labels = IntStream.range(0, 202).map(i -> i % 2).toArray();
    int[] rows = IntStream.range(0, 202).toArray();
    int[] permuted = DetectorReport.Controls.permuted(labels, records, rows, new Random(3));
    long same = IntStream.range(4, 202).filter(i -> labels[i] == permuted[i]).count();
    assertTrue(same > 70 && same < 130, same + " of 198 stayed");
    assertEquals(1, permuted[0] + permuted[1]);
    assertEquals(1, permuted[2] + permuted[3]);
    assertEquals(101, Arrays.stream(permuted).sum());
  }

  private static void refused(DetectionData data, Executable one, String words) {
    String said = assertThrows(DetectorException.class, one).getMessage();
    assertTrue(said.startsWith(data.folder().folder() + ": ") && said.contains(words), said);
  }

  private List<Executable> tests(DetectionData data, boolean matched) {
    List<Path> detectors = List.of(detector);
    List<Path> states = List.of(data.folder().folder());
    List<Executable> all =
        new ArrayList<>(
            List.of(
                () -> DetectorTrial.run(detector, data, matched, line -> {}),
                () -> TransferMatrix.run(detectors, states, matched, line -> {}),
                () ->
                    LayerProfile.run(
                        data,
                        DetectorKind.DIRECTION,
                        StatePosition.MEAN_ANSWER,
                        matched,
                        line -> {})));
    if (!matched) {
      all.add(() -> DetectorsOnData.run(detectors, data, line -> {}));
    }
    return all;
  }

  /** Records of one answer each. */
  private static List<WrittenStates.Row> alone(String task, int some, int others, int label) {
    return IntStream.range(0, some + others)
        .mapToObj(i -> new WrittenStates.Row(task, i, i < some ? label : 1 - label))
        .toList();
  }

  private static DetectorFit fit(DetectionData data) {
    return DetectorFit.run(
        data,
        new DetectorFit.Request(
            DetectorKind.DIRECTION,
            StatePosition.MEAN_ANSWER,
            OptionalInt.empty(),
            false,
            5,
            42,
            1),
        line -> {});
  }
}
