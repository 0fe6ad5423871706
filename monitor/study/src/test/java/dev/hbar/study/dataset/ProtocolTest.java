package dev.hbar.study.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
  private static final Map<HaluEvalTask, Integer> HALUEVAL =
      Arrays.stream(HaluEvalTask.values())
          .collect(Collectors.toMap(Function.identity(), task -> 10_000));

  @ParameterizedTest
  @ValueSource(strings = {"llama-3.2-3b", "qwen-2.5-7b"})
  void studyTestSetOf500_isThePublishedOneInOrder(String model) throws IOException {
    List<Draw.Pick> drawn =
        Protocol.STUDY_2026_01.draw(HALUEVAL, Draw.Partition.TEST, 500, 42).samples();
    List<String> published = new ArrayList<>();
    String file = "/study/" + model + "_validation_n500.json";
    try (InputStream json = ProtocolTest.class.getResourceAsStream(file)) {
      for (JsonNode sample : new ObjectMapper().readTree(json).get("scores_by_sample")) {
        published.add(sample.get("sample_id").asText() + " " + sample.get("label").asInt());
      }
    }
    assertEquals(500, published.size());
    assertEquals(
        published, drawn.stream().map(sample -> sample.id() + " " + sample.label()).toList());
  }

  @Test
  void studySets_shareNoSample() {
    Set<String> train = ids(Protocol.STUDY_2026_01, Draw.Partition.TRAIN, 4998);
    Set<String> test = ids(Protocol.STUDY_2026_01, Draw.Partition.TEST, 4998);
    assertEquals(4998, train.size());
    assertEquals(4998, test.size());
    test.retainAll(train);
    assertTrue(test.isEmpty(), test.toString());
  }

  @Test
  void studyDrawBeyondItsHalf_isRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Protocol.STUDY_2026_01.draw(HALUEVAL, Draw.Partition.TEST, 4999, 42));
    assertEquals("n must be 1 to 4998, not 4999", refused.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Protocol.STUDY_2026_01.draw(
                Map.of(HaluEvalTask.QA, 10_000), Draw.Partition.TEST, 5, 42));
  }

  @Test
  void pairs_areNeighboursWithTheRightAnswerFirst() {
    List<Draw.Pick> drawn =
        Protocol.PAIRS_V1.draw(HALUEVAL, Draw.Partition.TEST, 200, 42).samples();
    for (int i = 0; i < drawn.size(); i += 2) {
      assertEquals(0, drawn.get(i).label());
      assertEquals(1, drawn.get(i + 1).label());
      assertEquals(drawn.get(i).recordIndex(), drawn.get(i + 1).recordIndex());
      assertEquals(drawn.get(i).task(), drawn.get(i + 1).task());
      assertEquals(drawn.get(i).recordIndex(), drawn.get(i).number());
    }
    Map<HaluEvalTask, Long> perTask =
        drawn.stream().collect(Collectors.groupingBy(Draw.Pick::task, Collectors.counting()));
    assertEquals(
        Map.of(HaluEvalTask.QA, 68L, HaluEvalTask.DIALOGUE, 66L, HaluEvalTask.SUMMARIZATION, 66L),
        perTask);
  }

  @Test
  void pairsSets_coverEveryRecordOnce() {
    Set<String> train = ids(Protocol.PAIRS_V1, Draw.Partition.TRAIN, 30_000);
    Set<String> test = ids(Protocol.PAIRS_V1, Draw.Partition.TEST, 30_000);
    assertEquals(30_000, train.size());
    train.addAll(test);
    assertEquals(60_000, train.size());
  }

  @Test
  void smallerPairsDraw_isTheBeginningOfALargerOne() {
    List<Draw.Pick> large =
        Protocol.PAIRS_V1.draw(HALUEVAL, Draw.Partition.TRAIN, 500, 7).samples();
    List<Draw.Pick> small =
        Protocol.PAIRS_V1.draw(HALUEVAL, Draw.Partition.TRAIN, 200, 7).samples();
    assertEquals(large.subList(0, 200), small);
    assertFalse(
        small.equals(Protocol.PAIRS_V1.draw(HALUEVAL, Draw.Partition.TRAIN, 200, 8).samples()),
        "another seed draws others");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 30_002})
  void halfAPairOrMoreThanThereIs_isRefused(int n) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Protocol.PAIRS_V1.draw(HALUEVAL, Draw.Partition.TEST, n, 42));
  }

  private static Set<String> ids(Protocol protocol, Draw.Partition set, int n) {
    return protocol.draw(HALUEVAL, set, n, 42).samples().stream()
        .map(Draw.Pick::id)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
