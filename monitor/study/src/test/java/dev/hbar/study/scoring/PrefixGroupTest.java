package dev.hbar.study.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.hbar.study.dataset.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PrefixGroupTest {
  private static List<List<Integer>> batches(int... lengths) {
    List<PrefixGroup> groups =
        Arrays.stream(lengths).mapToObj(PrefixGroupTest::alone).collect(Collectors.toList());
    return PrefixGroup.batches(groups).stream()
        .map(batch -> batch.stream().map(group -> group.prefix() + 1).toList())
        .toList();
  }

  private static PrefixGroup alone(int length) {
    Sample sample = new Sample("qa_" + length + "_cor", 0, "prompt", "answer");
    int[] ids = IntStream.range(0, length).toArray();
    return new PrefixGroup(List.of(new PrefixGroup.Tokenized(sample, ids)), length - 1);
  }

  @Test
  void similarLengths_areOneBatchLongestFirst() {
    assertEquals(List.of(List.of(250, 180, 90)), batches(90, 250, 180));
  }

  @Test
  void shortPromptsBesideLongOnes_areABatchOfTheirOwn() {
    int[] lengths = {1400, 100, 120, 110, 90, 1300, 130, 80};
    assertEquals(
        List.of(List.of(1400, 1300, 130, 120, 110, 100), List.of(90, 80)), batches(lengths));
  }

  /** Ids that count up to {@code shared}, and then are the sample's own. */
  private static PrefixGroup.Tokenized sample(int number, int shared, int length) {
    int[] ids = IntStream.range(0, length).map(i -> i < shared ? i : 1000 * number + i).toArray();
    return new PrefixGroup.Tokenized(new Sample("qa_" + number + "_cor", 0, "p", "a"), ids);
  }

  private static List<List<Integer>> shared(List<PrefixGroup> groups) {
    return groups.stream().map(group -> List.of(group.members().size(), group.prefix())).toList();
  }

  @Test
  void sixteenSharedIds_areWorthSharingAndFifteenAreNot() {
    List<PrefixGroup.Tokenized> sixteen = List.of(sample(1, 16, 20), sample(2, 16, 30));
    List<PrefixGroup> groups = PrefixGroup.of(sixteen, (a, b) -> true);
    assertEquals(List.of(List.of(2, 16)), shared(groups));
    assertSame(sixteen.get(1), groups.getFirst().longest());
    List<PrefixGroup.Tokenized> fifteen = List.of(sample(1, 15, 20), sample(2, 15, 30));
    assertEquals(
        List.of(List.of(1, 19), List.of(1, 29)), shared(PrefixGroup.of(fifteen, (a, b) -> true)));
  }

  @Test
  void whatMayNotShare_isAGroupOfItsOwn() {
    List<PrefixGroup.Tokenized> samples =
        List.of(sample(1, 20, 25), sample(2, 20, 26), sample(3, 20, 40), sample(4, 20, 41));
    List<PrefixGroup> groups =
        PrefixGroup.of(samples, (a, b) -> (a.ids().length > 30) == (b.ids().length > 30));
    assertEquals(List.of(List.of(2, 20), List.of(2, 20)), shared(groups));
    assertEquals(4, PrefixGroup.of(samples, (a, b) -> false).size());
  }

  @Test
  void membersThatShareLess_shortenThePrefixOfAll() {
    List<PrefixGroup.Tokenized> samples =
        List.of(sample(1, 30, 40), sample(1, 30, 45), sample(2, 22, 40), sample(3, 17, 18));
    List<PrefixGroup> groups = PrefixGroup.of(samples, (a, b) -> true);
    assertEquals(List.of(List.of(4, 17)), shared(groups));
    assertSame(samples.get(1), groups.getFirst().longest());
  }

  @Test
  void neighboursThatShareMore_doNotLengthenThePrefixOfAll() {
    List<PrefixGroup.Tokenized> samples =
        List.of(sample(1, 17, 40), sample(2, 17, 40), sample(2, 17, 45));
    assertEquals(List.of(List.of(3, 17)), shared(PrefixGroup.of(samples, (a, b) -> true)));
  }

  /** The last id of each is decoded, never shared. */
  @Test
  void equalPrompts_keepTheirLastIdApart() {
    List<PrefixGroup.Tokenized> same = List.of(sample(1, 20, 20), sample(2, 20, 20));
    List<PrefixGroup> groups = PrefixGroup.of(same, (a, b) -> true);
    assertEquals(List.of(List.of(2, 19)), shared(groups));
    assertSame(same.get(0), groups.getFirst().longest());
  }

  @Test
  void sixThousandPaddedColumns_areOneBatchAndOneMoreIsTwo() {
    assertEquals(List.of(List.of(6500, 500)), batches(6500, 500));
    assertEquals(List.of(List.of(6500), List.of(499)), batches(6500, 499));
  }

  @Test
  void noPrompt_isNoBatch() {
    assertEquals(List.of(), batches());
  }
}
