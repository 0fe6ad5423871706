package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.ConfigReader;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.Rope;
import dev.hbar.model.layer.SequenceLength;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rope kind, from the text of a config to numbers, against scripts/fixtures/ropes.py. */
@NativeTest
class RopesTest {
  /** The reference computes in float32. */
  private static final double RELATIVE = 2e-6;

  @TempDir private Path folder;

  private record Case(String name, JsonNode config, JsonNode lengths) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = RopesTest.class.getResourceAsStream("ropes.json")) {
      for (JsonNode node : new ObjectMapper().readTree(in)) {
        cases.add(new Case(node.get("name").asText(), node.get("config"), node.get("lengths")));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyKind_turnsAsTransformersDoes(Case given) throws IOException {
    try (MlxScope scope = MlxScope.open("ropes")) {
      Rope rope = rope(scope, given, RopeReference.TRANSFORMERS);
      for (JsonNode length : given.lengths()) {
        requireEqual(given.name(), length, rope);
      }
    }
  }

  @Test
  void longRopeOfMlxLm_takesTheLongFactorsAtEveryLength() throws IOException {
    Case longRope = named("longrope");
    try (MlxScope scope = MlxScope.open("ropes")) {
      Rope rope = rope(scope, longRope, RopeReference.MLX_LM);
      JsonNode beyond = longRope.lengths().get(3);
      assertEquals(200, beyond.get("tokens").asInt());
      requireEqual("long", beyond, rope);
      assertEquals(rope.at(new SequenceLength(5)), rope.at(new SequenceLength(200)));
    }
  }

  /** mlx-lm takes the attention factor of the two lengths, whatever else the config says. */
  @Test
  void attentionFactorOfMlxLm_comesFromTheLengths() throws IOException {
    try (MlxScope scope = MlxScope.open("ropes")) {
      Rope other = rope(scope, named("longrope with attention_factor"), RopeReference.MLX_LM);
      requireEqual("factor", named("longrope").lengths().get(3), other);
    }
  }

  @Test
  void longRope_changesAfterTheOriginalLength() throws IOException {
    try (MlxScope scope = MlxScope.open("ropes")) {
      Rope rope = rope(scope, named("longrope"), RopeReference.TRANSFORMERS);
      assertEquals(rope.at(new SequenceLength(1)), rope.at(new SequenceLength(64)));
      assertNotEquals(rope.at(new SequenceLength(64)), rope.at(new SequenceLength(65)));
      assertEquals(rope.at(new SequenceLength(65)), rope.at(new SequenceLength(256)));
    }
  }

  private static Case named(String name) throws IOException {
    return cases().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private Rope rope(MlxScope scope, Case given, RopeReference reference) throws IOException {
    Files.writeString(folder.resolve("config.json"), given.config().toString());
    ModelConfig config = ConfigReader.read(CheckpointDirectory.of(folder), Families.supported());
    Compute compute = new Compute(WeightForm.DENSE, DType.FLOAT32);
    return Ropes.of(scope, config, new LoadOptions(compute, MaskChoice.AUTO, reference));
  }

  private static void requireEqual(String name, JsonNode expected, Rope rope) {
    int tokens = expected.get("tokens").asInt();
    JsonNode frequencies = expected.get("inverse_frequencies");
    Rope fixed = rope.at(new SequenceLength(tokens));
    double[] actual = inverseFrequencies(fixed);
    assertEquals(frequencies.size(), actual.length, name);
    for (int i = 0; i < actual.length; i++) {
      double wanted = frequencies.get(i).asDouble();
      String what = "%s, frequency %d of %d tokens".formatted(name, i, tokens);
      assertEquals(wanted, actual[i], RELATIVE * wanted, what);
    }
    double factor = expected.get("attention_factor").asDouble();
    assertEquals(factor, attentionFactor(fixed), RELATIVE * factor, name);
  }

  private static double[] inverseFrequencies(Rope rope) {
    return switch (rope) {
      case Rope.Base base -> {
        double[] frequencies = new double[base.dims() / 2];
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] = base.scale() * Math.pow(base.base(), -2.0 * i / base.dims());
        }
        yield frequencies;
      }
      case Rope.Periods explicit -> {
        float[] periods = explicit.periods().toFloats();
        double[] frequencies = new double[periods.length];
        for (int i = 0; i < periods.length; i++) {
          frequencies[i] = 1.0 / periods[i];
        }
        yield frequencies;
      }
      case Rope.None none -> throw new AssertionError("no rope");
      case Rope.ByLength open -> throw new AssertionError("not fixed by a length: " + open);
    };
  }

  /** The same for all rotated dimensions, 1 for the others. */
  private static double attentionFactor(Rope rope) {
    if (!(rope instanceof Rope.Periods periods) || periods.gain().isEmpty()) {
      return 1;
    }
    float[] gain = periods.gain().get().toFloats();
    for (int i = 0; i < gain.length; i++) {
      assertEquals(i < periods.dims() ? gain[0] : 1f, gain[i], "gain of dimension " + i);
    }
    return gain[0];
  }
}
