package dev.hbar.model.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapturePointsTest {
  private static final List<String> NAMES =
      List.of(
          "input",
          "q_proj",
          "k_proj",
          "v_proj",
          "q_norm",
          "k_norm",
          "q_rope",
          "k_rope",
          "attention_weights",
          "attention_output",
          "experts",
          "expert_weights",
          "gate",
          "up",
          "mlp_output",
          "output");

  @Test
  void everyName_isReadAndWrittenAlike() {
    Stream<String> inBlock = NAMES.stream().map(name -> "block.11." + name);
    List<String> names = new ArrayList<>(List.of("embedding", "final_norm", "logits"));
    inBlock.forEach(names::add);
    for (String name : names) {
      assertEquals(name, CapturePoints.parse(name).orElseThrow().label());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Embedding",
        "block",
        "block.0",
        "block.0.",
        "block.-1.input",
        "block.0.Input",
        "block.0.q",
        "blocks",
        "block.*.output",
        "block.0.*",
        " embedding",
        "block.99999999999.up"
      })
  void otherNames_areNoPoint(String name) {
    assertEquals(Optional.empty(), CapturePoints.parse(name));
  }

  @Test
  void starForTheBlock_meansEveryBlock() {
    assertEquals(
        List.of(
            new CapturePoint.BlockOutput(0),
            new CapturePoint.BlockOutput(1),
            new CapturePoint.BlockOutput(2)),
        CapturePoints.expand("block.*.output", 3));
  }

  @Test
  void starForThePart_meansEverythingInTheBlock() {
    assertEquals(
        NAMES.stream().map(name -> "block.2." + name).toList(),
        CapturePoints.expand("block.2.*", 3).stream().map(CapturePoint::label).toList());
  }

  @Test
  void blockThatTheModelLacks_isRefusedWithItsCount() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> CapturePoints.expand("block.3.output", 3));
    assertTrue(refused.getMessage().contains("3 blocks, 0 to 2"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "block.1.query", "block.*.x"})
  void unknownPattern_isRefusedWithTheNamesThereAre(String pattern) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> CapturePoints.expand(pattern, 3));
    assertTrue(refused.getMessage().contains(pattern), refused.getMessage());
    assertTrue(refused.getMessage().contains("attention_output"), refused.getMessage());
  }
}
