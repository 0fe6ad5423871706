package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.internal.NativeFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After an error in an evaluation MLX gives garbage with status 0; nothing of that run is read. */
@NativeTest
class PoisonTest {
  private MlxScope model;
  private MlxScope run;
  private MlxArray weight;

  @BeforeEach
  void open() {
    model = MlxScope.open("model");
    weight = model.floats(new float[] {1, 2}, 2);
    model.eval(weight);
    model.seal();
    run = model.child("run");
  }

  @AfterEach
  void close() {
    NativeFaults.failCall(0);
    model.close();
  }

  private void failEvaluationIn(MlxScope scope) {
    MlxArray sum = scope.ops().add(weight, weight);
    NativeFaults.failCall(1);
    assertThrows(MlxException.class, () -> scope.eval(sum));
  }

  @Test
  void errorInAStep_poisonsItsRunAndEveryOtherStep() {
    MlxArray kept = run.floats(new float[] {1}, 1);
    MlxScope sibling = run.child("sibling");
    MlxArray elsewhere = sibling.floats(new float[] {1}, 1);

    failEvaluationIn(run.child("step"));

    assertThrows(MlxException.class, kept::toFloats);
    assertThrows(MlxException.class, elsewhere::toFloats);
    assertThrows(MlxException.class, () -> sibling.ops().add(elsewhere, elsewhere));
    assertThrows(MlxException.class, () -> run.eval(kept));
    MlxException refused = assertThrows(MlxException.class, () -> run.child("next"));
    assertTrue(refused.getMessage().contains("can only be closed"), refused.getMessage());
  }

  @Test
  void poisonedArray_isOfNoUseInAnotherRun() {
    MlxArray kept = run.floats(new float[] {1}, 1);
    failEvaluationIn(run);
    try (MlxScope other = model.child("other")) {
      assertThrows(MlxException.class, () -> other.ops().add(kept, kept));
    }
  }

  @Test
  void errorInOneRun_leavesTheModelsOtherRunsAlone() {
    MlxScope other = model.child("other");
    MlxArray before = other.floats(new float[] {3, 5}, 2);
    MlxScope step = other.child("step");
    failEvaluationIn(run.child("step"));
    assertThrows(MlxException.class, () -> run.ops().add(weight, weight).toFloats());
    assertArrayEquals(new float[] {4, 7}, step.ops().add(before, weight).toFloats());
    assertArrayEquals(new float[] {3, 5}, before.toFloats());
    assertArrayEquals(new float[] {1, 2}, weight.toFloats());
    try (MlxScope later = other.child("later")) {
      assertArrayEquals(new float[] {9, 25}, later.ops().multiply(before, before).toFloats());
    }
  }

  @Test
  void failedRead_poisonsLikeAFailedEvaluation() {
    MlxArray sum = run.ops().add(weight, weight);
    NativeFaults.failCall(3); // conversion, copy, evaluation
    assertThrows(MlxException.class, sum::toFloats);
    assertThrows(MlxException.class, sum::toFloats);
  }

  @Test
  void freshRunOfTheSameModel_worksAfterAnError() {
    failEvaluationIn(run);
    run.close();
    try (MlxScope fresh = model.child("fresh")) {
      assertArrayEquals(new float[] {2, 4}, fresh.ops().add(weight, weight).toFloats());
    }
  }

  @Test
  void poisonedRun_freesAllItHolds() {
    long before = Mlx.liveArrays();
    MlxArray a = run.floats(new float[] {1}, 1);
    run.child("step").ops().add(a, a);
    failEvaluationIn(run);
    assertEquals("MlxArray[1] FLOAT32", a.toString());
    run.close();
    assertEquals(before, Mlx.liveArrays());
  }

  @Test
  void errorWhileBuilding_poisonsNothing() {
    MlxArray a = run.floats(new float[6], 2, 3);
    assertThrows(MlxException.class, () -> run.ops().matmul(a, a));
    assertEquals(6, a.toFloats().length);
  }
}
