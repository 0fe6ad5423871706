package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.study.StudyException;
import dev.hbar.study.scores.SampleScore.Scored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreColumnsTest {
  private static final ScoreColumns FOUR =
      columns(
          row("qa_1_cor", 0, 2, 0.5),
          row("dialogue_7_hal", 1, 3, 1.5),
          row("qa_1_hal", 0.75, 4, 2.5),
          row("dialogue_7_cor2", 0.25, 5, 3.5));

  @Test
  void answersOfARecord_haveItsNumber() {
    assertArrayEquals(new int[] {0, 1, 0, 1}, FOUR.recordOf());
    assertArrayEquals(new int[] {0, 1, 0, 1}, FOUR.taskOf());
    assertEquals(List.of("qa", "dialogue"), FOUR.tasks());
    ScoreColumns others = columns(row("a", 0, 1, 1), row("a_cory", 1, 1, 1), row("qa", 1, 1, 1));
    assertArrayEquals(new int[] {0, 1, 2}, others.recordOf());
    assertEquals(List.of("all"), others.tasks());
  }

  @Test
  void tasksOfARun_areThePartsOfItsData() {
    ScoreFile.Header run = TestRuns.header();
    ScoreColumns columns =
        new ScoreColumns(
            new ScoreColumns.Origin("f", "0", "m", Optional.of(run)),
            List.of(row("dialogue_1_cor", 0, 1, 1), row("qa_1_cor", 0, 1, 1)),
            Map.of());
    assertEquals(List.of("all", "qa"), columns.tasks(), "the run had qa only");
    assertArrayEquals(new int[] {0, 1}, columns.taskOf());
  }

  @Test
  void labels_areCountedAndPicked() {
    assertEquals(2, FOUR.count(0));
    assertEquals(2, FOUR.count(1));
    assertArrayEquals(new double[] {2, 5}, FOUR.column("hbar", 0));
    assertArrayEquals(new double[] {1.5, 2.5}, FOUR.column("pri", 1));
    assertArrayEquals(new double[] {0, 1, 0.75, 0.25}, FOUR.grades());
  }

  @Test
  void enoughOfBothLabels_isTheLeastNumber() {
    assertSame(FOUR, FOUR.requireOfEachLabel(2));
    String wanted = "; at least 2 of each are needed; score more samples";
    ScoreColumns right = columns(row("a", 0, 1, 1), row("b", 1, 1, 1), row("c", 1, 1, 1));
    assertEquals("f: has 1 scored right answers and 2 hallucinated ones" + wanted, refusal(right));
    ScoreColumns wrong = columns(row("a", 0, 1, 1), row("b", 1, 1, 1), row("c", 0, 1, 1));
    assertEquals("f: has 2 scored right answers and 1 hallucinated ones" + wanted, refusal(wrong));
  }

  @Test
  void scoreOfTheLargestSize_isTaken() {
    ScoreColumns ends = columns(row("a", 0, 1e100, 1), row("b", 1, -1e100, 1));
    assertArrayEquals(new double[] {1e100, -1e100}, ends.column("hbar"));
    double more = Math.nextUp(1e100);
    for (double value : new double[] {more, -more}) {
      StudyException refused =
          assertThrows(
              StudyException.class, () -> columns(row("a", 0, 1, 1), row("b", 1, 1, value)));
      assertEquals(
          "f: sample b: field \"pri\" is " + value + ", and no score passes 1.0E100 in size",
          refused.getMessage());
    }
  }

  @Test
  void joint_isAddedBehindTheOthersAndToEveryRow() {
    ScoreColumns with = FOUR.withJoint(new RiskRule.JointModel(-1, 2, 0.5));
    assertEquals(List.of("hbar", "pri", "joint"), List.copyOf(with.names()));
    // 1 / (1 + exp(-(-hbar + 2 pri + 0.5)))
    assertArrayEquals(
        new double[] {
          0.3775406687981454, 0.6224593312018546, 0.8175744761936437, 0.9241418199787566
        },
        with.column("joint"),
        1e-15);
    assertEquals(FOUR.rows().get(2).id(), with.rows().get(2).id());
    assertEquals(
        Map.of("hbar", 4.0, "pri", 2.5, "joint", with.column("joint")[2]),
        with.rows().get(2).values());
    assertEquals(0.75, with.rows().get(2).grade());
    assertEquals(4, with.size());
    assertArrayEquals(
        new double[] {9, 9, 9, 9}, with.with("joint", new double[] {9, 9, 9, 9}).column("joint"));
  }

  @Test
  void signalThatIsNotThere_isNamed() {
    assertEquals(
        "no signal \"odd\" in f",
        assertThrows(IllegalArgumentException.class, () -> FOUR.column("odd")).getMessage());
    assertEquals(0, columns().size());
  }

  private static String refusal(ScoreColumns columns) {
    return assertThrows(StudyException.class, () -> columns.requireOfEachLabel(2)).getMessage();
  }

  private static Scored row(String id, double grade, double hbar, double pri) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("hbar", hbar);
    values.put("pri", pri);
    return new Scored(id, grade, values);
  }

  private static ScoreColumns columns(Scored... rows) {
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), List.of(rows), Map.of());
  }
}
