package dev.hbar.study.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.statistics.Folds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Nothing that is fitted sees its test fold. Twice over: what a fold holds changes nothing about
 * the detector that is tested on it, and where there is nothing to find the honest procedure finds
 * nothing, while one with a leak does.
 */
class LeakageTest {
  private static final int RECORDS = 60;
  private static final int WIDTH = 12;
  private static final int BLOCKS = 12;
  private static final int FOLDS = 5;
  private static final long SEED = 7;

  private final int[] labels = IntStream.range(0, 2 * RECORDS).map(i -> i % 2).toArray();
  private final int[] recordOf = IntStream.range(0, 2 * RECORDS).map(i -> i / 2).toArray();
  private final int[] rows = IntStream.range(0, 2 * RECORDS).toArray();

  @Test
  void recordsOfAFold_decideNothingAboutItsDetector() {
    NestedCrossValidation fitting = fitting(noise(1));
    int[] train = Folds.byRecord(recordOf, rows, FOLDS, SEED).train(2);
    int[] test = Folds.byRecord(recordOf, rows, FOLDS, SEED).test(2);
    NestedCrossValidation.Fitted before = fitting.fit(labels, train);
    int[] turned = labels.clone();
    for (int row : test) {
      turned[row] = 1 - turned[row];
      for (float[][] x : fitting.features().byName().values()) {
        x[row][0] = 1e6f;
        x[row][1] = -1e6f;
      }
    }
    NestedCrossValidation.Fitted after = fitting.fit(turned, train);
    assertEquals(before.choice(), after.choice(), "block and C");
    Scorer.Linear one = (Scorer.Linear) before.scorer();
    Scorer.Linear other = (Scorer.Linear) after.scorer();
    assertArrayEquals(one.weights(), other.weights(), 0, "scaler and weights");
    assertEquals(one.bias(), other.bias(), 0);
  }

  @Test
  void restOfAFold_decidesNothingAboutARecordsHeldOutScore() {
    DetectionData.Features features = noise(2);
    NestedCrossValidation fitting = fitting(features);
    int[] test = Folds.byRecord(recordOf, rows, FOLDS, SEED).test(2);
    double[] before = fitting.heldOut(labels, rows).scores();
    int[] turned = labels.clone();
    for (int i = 2; i < test.length; i++) {
      turned[test[i]] = 1 - turned[test[i]];
      for (float[][] x : features.byName().values()) {
        x[test[i]][0] = 1e3f * (i % 4 - 1);
      }
    }
    double[] after = fitting.heldOut(turned, rows).scores();
    assertEquals(before[test[0]], after[test[0]], 0, "first answer of the record left alone");
    assertEquals(before[test[1]], after[test[1]], 0, "second answer of it");
    assertTrue(before[test[2]] != after[test[2]], "what was changed scores otherwise");
  }

  @Test
  void twoAnswersOfARecord_areInTheSameFold() {
    Folds folds = Folds.byRecord(recordOf, rows, FOLDS, SEED);
    for (int fold = 0; fold < FOLDS; fold++) {
      int[] test = folds.test(fold);
      assertEquals(2 * RECORDS / FOLDS, test.length);
      for (int i = 0; i < test.length; i += 2) {
        assertEquals(recordOf[test[i]], recordOf[test[i + 1]]);
      }
      assertEquals(2 * RECORDS, test.length + folds.train(fold).length);
    }
  }

  @Test
  void permutedLabels_areFoundByALeakOnly() {
    double honest = 0;
    double leakedChoice = 0;
    double leakedScaler = 0;
    int repetitions = 12;
    for (int i = 0; i < repetitions; i++) {
      DetectionData.Features features = noise(100 + i);
      int[] permuted = DetectorReport.Controls.permuted(labels, recordOf, rows, new Random(i));
      honest += auroc(fitting(features), permuted) / repetitions;
      DetectorReport.Choice seen = fitting(features).fit(permuted, rows).choice();
      float[][] best = bestOnAll(features, permuted);
      assertTrue(features.byName().containsKey(seen.point()));
      leakedChoice +=
          auroc(fitting(DetectionData.Features.of("leaked", best)), permuted) / repetitions;
      float[][] scaled = scaledByLabelsOfAll(features.byName().get("block.0"), permuted);
      leakedScaler +=
          auroc(fitting(DetectionData.Features.of("leaked", scaled)), permuted) / repetitions;
    }
    assertEquals(0.5, honest, 0.04, "the honest procedure");
    assertTrue(leakedChoice > honest + 0.05, "block chosen on the test folds: " + leakedChoice);
    assertTrue(leakedScaler > honest + 0.05, "scaler fitted on the test folds: " + leakedScaler);
  }

  @Test
  void labelsPermutedWithinRecords_keepOneOfEach() {
    int[] permuted = DetectorReport.Controls.permuted(labels, recordOf, rows, new Random(3));
    int moved = 0;
    for (int record = 0; record < RECORDS; record++) {
      assertEquals(1, permuted[2 * record] + permuted[2 * record + 1]);
      moved += permuted[2 * record];
    }
    assertTrue(moved > 15 && moved < 45, "half of the records are turned: " + moved);
  }

  @Test
  void labelsOfSingleAnswers_arePermutedOverAll() {
    int[] single = IntStream.range(0, labels.length).toArray();
    int[] permuted = DetectorReport.Controls.permuted(labels, single, rows, new Random(3));
    assertEquals(RECORDS, IntStream.of(permuted).sum());
    long kept = IntStream.of(rows).filter(i -> permuted[i] == labels[i]).count();
    assertTrue(kept > 35 && kept < 85, "about half stay: " + kept);
  }

  /** The leak: of all blocks the one whose held-out figure is best. */
  private float[][] bestOnAll(DetectionData.Features features, int[] permuted) {
    float[][] best = null;
    double highest = 0;
    for (float[][] x : features.byName().values()) {
      double auroc = auroc(fitting(DetectionData.Features.of("one", x)), permuted);
      if (auroc > highest) {
        highest = auroc;
        best = x;
      }
    }
    return best;
  }

  /** The leak: columns are scaled by how far apart the labels' means are, test folds included. */
  private static float[][] scaledByLabelsOfAll(float[][] x, int[] permuted) {
    float[][] scaled = new float[x.length][2];
    for (int k = 0; k < x[0].length; k++) {
      float difference = 0;
      for (int i = 0; i < x.length; i++) {
        difference += permuted[i] == 1 ? x[i][k] : -x[i][k];
      }
      for (int i = 0; i < x.length; i++) {
        scaled[i][0] += difference * x[i][k];
        scaled[i][1] = i % 3;
      }
    }
    return scaled;
  }

  private double auroc(NestedCrossValidation fitting, int[] permuted) {
    double[] scores = fitting.heldOut(permuted, rows).scores();
    return DetectionData.Slice.of(rows, permuted, recordOf).auroc(scores);
  }

  private NestedCrossValidation fitting(DetectionData.Features features) {
    return new NestedCrossValidation(DetectorKind.PROBE, features, recordOf, FOLDS, SEED);
  }

  private static DetectionData.Features noise(long seed) {
    Random random = new Random(seed);
    Map<String, float[][]> blocks = new LinkedHashMap<>();
    for (int block = 0; block < BLOCKS; block++) {
      float[][] x = new float[2 * RECORDS][WIDTH];
      for (float[] row : x) {
        for (int k = 0; k < WIDTH; k++) {
          row[k] = (float) random.nextGaussian();
        }
      }
      blocks.put("block." + block, x);
    }
    return new DetectionData.Features(blocks);
  }
}
