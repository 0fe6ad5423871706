package dev.hbar.study.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  @Test
  void noPrompt_isNoBatch() {
    assertEquals(List.of(), batches());
  }
}
