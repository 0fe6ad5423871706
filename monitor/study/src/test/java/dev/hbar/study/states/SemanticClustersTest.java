package dev.hbar.study.states;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clusters and overlaps worked out by hand. */
class SemanticClustersTest {
  private final List<SamplingPass.Pair> asked = new ArrayList<>();

  @Test
  void textsThatEntailEachOther_areOneMeaning() {
    List<String> texts =
        List.of("Paris", "Lyon", "the city of Paris", "paris.", "It is Lyon", "Nantes");
    SampledAnswers.SemanticClusters clusters =
        SampledAnswers.SemanticClusters.of(
            texts,
            judge(
                "Paris > the city of Paris",
                "the city of Paris > Paris",
                // One way only: no equality.
                "It is Lyon > Lyon"));
    assertArrayEquals(new int[] {0, 1, 0, 0, 2, 3}, clusters.meaningOf());
    assertEquals(List.of("Paris", "Lyon", "It is Lyon", "Nantes"), clusters.representatives());
    // Paris with 4 others, not with "paris."; Lyon with 2; It is Lyon with 1; both ways each.
    assertEquals(14, asked.size());
    assertEquals(new SamplingPass.Pair("Paris", "Lyon"), asked.get(0));
    assertEquals(new SamplingPass.Pair("Lyon", "Paris"), asked.get(1));
  }

  @Test
  void chainOfEntailments_isCutAtTheFirstTextOfTheMeaning() {
    SampledAnswers.SemanticClusters clusters =
        SampledAnswers.SemanticClusters.of(
            List.of("a", "b", "c"), judge("a > b", "b > a", "b > c", "c > b"));
    assertArrayEquals(new int[] {0, 0, 1}, clusters.meaningOf(), "c is not what a is");
  }

  @Test
  void answer_agreesWithTheTextsOfTheFirstMeaningThatIsIts() {
    SampledAnswers.SemanticClusters.Judge judge =
        judge("x > b", "b > x", "x > c", "c > x", "x > a");
    SampledAnswers.SemanticClusters clusters =
        SampledAnswers.SemanticClusters.of(List.of("a", "b", "B!", "c", "b.", "a"), judge);
    assertArrayEquals(new int[] {0, 1, 1, 2, 1, 0}, clusters.meaningOf());
    assertEquals(3, clusters.meaning("x", judge), "b, B! and b.");
    assertEquals(2, clusters.meaning(" A", judge), "of the same words, unasked");
    assertEquals(0, clusters.meaning("y", judge));
  }

  @Test
  void rougeL_isTheLongestCommonSubsequenceOfWords() {
    // the cat on mat: 2 * 4 / (6 + 5)
    assertEquals(
        8 / 11.0,
        SampledAnswers.SemanticClusters.rougeL("The cat sat on the mat.", "the cat on a mat"),
        1e-12);
    assertEquals(1 / 3.0, SampledAnswers.SemanticClusters.rougeL("a b c", "c b a"), 1e-12);
    assertEquals(1, SampledAnswers.SemanticClusters.rougeL("Zoë's town", "zoë s TOWN!"), 1e-12);
    assertEquals(0, SampledAnswers.SemanticClusters.rougeL("one", "two"), 1e-12);
    assertEquals(0, SampledAnswers.SemanticClusters.rougeL("one", "..."), 1e-12);
    assertEquals(1, SampledAnswers.SemanticClusters.rougeL("", "..."), 1e-12);
  }

  @Test
  void meanRougeL_isOverAllPairs() {
    assertEquals(
        1 / 6.0, SampledAnswers.SemanticClusters.meanRougeL(List.of("a b", "a c", "d")), 1e-12);
    assertEquals(1, SampledAnswers.SemanticClusters.meanRougeL(List.of("a", "A")), 1e-12);
  }

  /** Says yes to these pairs only, and keeps what it was asked. */
  private SampledAnswers.SemanticClusters.Judge judge(String... entailments) {
    Set<String> yes = Set.of(entailments);
    return pairs -> {
      asked.addAll(pairs);
      boolean[] answers = new boolean[pairs.size()];
      for (int i = 0; i < answers.length; i++) {
        answers[i] = yes.contains(pairs.get(i).one() + " > " + pairs.get(i).other());
      }
      return answers;
    };
  }
}
