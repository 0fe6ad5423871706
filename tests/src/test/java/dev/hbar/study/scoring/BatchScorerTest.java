package dev.hbar.study.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.dataset.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples that are scored together are what each is alone, whichever of them ends first. */
@NativeTest
class BatchScorerTest {
  private static final int TOKENS = 12;

  /** float32 sums in another order, through the layers of a tiny model. */
  private static final double TOLERANCE = 2e-4;

  @TempDir Path folder;

  private static ScoringRequest request() {
    return request(TOKENS);
  }

  private static ScoringRequest request(int most) {
    return new ScoringRequest(
        most, 0.1, true, OptionalInt.empty(), List.of(), RopeReference.TRANSFORMERS);
  }

  /** A copy of a fixture in which these ids end a text. */
  private CausalLm model(String fixture, List<Integer> ends) throws IOException {
    Path from =
        Path.of(System.getProperty("hbar.root"), "tests/src/test/resources/fixtures", fixture);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(file.getFileName().toString());
        Files.deleteIfExists(copy);
        Files.copy(file, copy);
      }
    }
    ObjectMapper json = new ObjectMapper();
    Path config = folder.resolve("config.json");
    ObjectNode fields = (ObjectNode) json.readTree(config.toFile());
    ObjectNode holder = fields.has("text_config") ? (ObjectNode) fields.get("text_config") : fields;
    ArrayNode ids = holder.putArray("eos_token_id");
    ends.forEach(ids::add);
    json.writeValue(config.toFile(), fields);
    LoadOptions options =
        new LoadOptions(new Compute(WeightForm.DENSE, DType.FLOAT32), MaskChoice.AUTO);
    return ModelLoader.of(CheckpointDirectory.of(folder)).load(options);
  }

  private static PrefixGroup.Tokenized sample(int number, int... ids) {
    return new PrefixGroup.Tokenized(new Sample("qa_" + number + "_cor", 0, "p", "a"), ids);
  }

  /**
   * Neighbours share beginnings of 20 and 40 ids; lengths lie on both sides of 32 and 64; the
   * beginnings are more than are read together.
   */
  private static List<PrefixGroup.Tokenized> samples(int vocabulary) {
    int[] lengths = {
      24, 45, 28, 70, 66, 31, 90, 33, 32, 21, 95, 94, 93, 90, 91, 92, 89, 95, 96, 95
    };
    int[] shared = {0, 20, 20, 0, 40, 20, 20, 20, 20, 0, 0, 0, 0, 80, 0, 0, 0, 0, 0, 94};
    Random random = new Random(4);
    int[][] ids = new int[lengths.length][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.ints(lengths[i], 3, vocabulary).toArray();
      if (shared[i] > 0) {
        System.arraycopy(ids[i - 1], 0, ids[i], 0, shared[i]);
      }
    }
    return IntStream.range(0, ids.length).mapToObj(i -> sample(i, ids[i])).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain_float32",
        "qwen3_dynamic",
        "phi3_longrope_crossing",
        "mistral_window_crossing",
        "qwen3_next_moe",
        "lfm2_bias"
      })
  void samplesScoredTogether_areWhatEachIsAlone(String fixture) throws IOException {
    List<PrefixGroup.Tokenized> samples;
    List<Integer> ends;
    try (CausalLm model = model(fixture, List.of(2))) {
      samples = samples(model.config().vocabSize());
      ends = endsOf(new BatchScorer(model, request()).score(samples));
    }
    try (CausalLm model = model(fixture, ends)) {
      BatchScorer scorer = new BatchScorer(model, request());
      List<BatchScorer.Row> together = scorer.score(samples);
      assertTrue(together.stream().anyMatch(BatchScorer.Row::ended), "rows leave the batch");
      for (int i = 0; i < samples.size(); i++) {
        BatchScorer.Row alone = scorer.score(List.of(samples.get(i))).getFirst();
        requireSame(fixture + " sample " + i, alone, together.get(i));
      }
    }
  }

  /** Ids that end several rows at several steps: what rows 0, 3 and 6 say first at 4, 7, 2. */
  private static List<Integer> endsOf(List<BatchScorer.Row> rows) {
    return List.of(
        rows.get(0).tokens().get(4).token(),
        rows.get(3).tokens().get(7).token(),
        rows.get(6).tokens().get(2).token());
  }

  private static void requireSame(String what, BatchScorer.Row alone, BatchScorer.Row together) {
    assertEquals(tokens(alone), tokens(together), what);
    assertEquals(alone.ended(), together.ended(), what);
    for (int t = 0; t < alone.tokens().size(); t++) {
      TokenSignals one = alone.tokens().get(t);
      TokenSignals other = together.tokens().get(t);
      assertEquals(one.hbar(), other.hbar(), TOLERANCE, what + " token " + t);
      assertEquals(one.pri(), other.pri(), TOLERANCE, what + " token " + t);
      assertEquals(one.surprise(), other.surprise(), TOLERANCE, what + " token " + t);
    }
  }

  private static List<Integer> tokens(BatchScorer.Row row) {
    return row.tokens().stream().map(TokenSignals::token).toList();
  }

  @Test
  void everyEndId_endsARowAndIsItsLastToken() throws IOException {
    int[] prompt = new Random(9).ints(20, 3, 60).toArray();
    List<Integer> free;
    try (CausalLm model = model("plain_float32", List.of(2))) {
      free = tokens(new BatchScorer(model, request()).score(List.of(sample(1, prompt))).get(0));
    }
    assertEquals(TOKENS, free.size());
    int unsaid = IntStream.range(3, 60).filter(id -> !free.contains(id)).findFirst().orElseThrow();
    for (int position : new int[] {0, 3, TOKENS - 1}) {
      int end = free.get(position);
      for (List<Integer> ends : List.of(List.of(end, unsaid), List.of(unsaid, end))) {
        try (CausalLm model = model("plain_float32", ends)) {
          BatchScorer.Row row =
              new BatchScorer(model, request()).score(List.of(sample(1, prompt))).getFirst();
          assertEquals(free.subList(0, free.indexOf(end) + 1), tokens(row), ends.toString());
          assertTrue(row.ended());
        }
      }
    }
    try (CausalLm model = model("plain_float32", List.of(unsaid))) {
      BatchScorer.Row row =
          new BatchScorer(model, request()).score(List.of(sample(1, prompt))).getFirst();
      assertFalse(row.ended());
    }
  }

  @Test
  void shortAnswerUnderALongLimit_takesNoMoreMemory() throws IOException {
    List<PrefixGroup.Tokenized> one = List.of(sample(1, new Random(9).ints(20, 3, 60).toArray()));
    int end;
    try (CausalLm model = model("plain_float32", List.of(2))) {
      end = tokens(new BatchScorer(model, request()).score(one).getFirst()).getFirst();
    }
    try (CausalLm model = model("plain_float32", List.of(end))) {
      long[] peaks = new long[2];
      int[] limits = {TOKENS, 200_000};
      for (int i = 0; i < 2; i++) {
        MlxMemory.clearCache();
        MlxMemory.resetPeak();
        assertEquals(
            1, new BatchScorer(model, request(limits[i])).score(one).getFirst().tokens().size());
        peaks[i] = MlxMemory.snapshot().peak();
      }
      assertTrue(peaks[1] < peaks[0] + (1 << 20), peaks[1] + " after " + peaks[0]);
    }
  }

  @Test
  void sameSamplesAfterOtherWork_areBitEqual() throws IOException {
    try (CausalLm model = model("qwen3_next_moe", List.of(2))) {
      List<PrefixGroup.Tokenized> samples = samples(model.config().vocabSize());
      BatchScorer scorer = new BatchScorer(model, request());
      List<BatchScorer.Row> first = scorer.score(samples.subList(2, 7));
      scorer.score(samples.subList(0, 3));
      List<BatchScorer.Row> again = scorer.score(samples.subList(2, 7));
      for (int i = 0; i < first.size(); i++) {
        assertEquals(first.get(i).tokens(), again.get(i).tokens(), "sample " + i);
      }
      double[] signals =
          first.getFirst().tokens().stream().mapToDouble(TokenSignals::pri).toArray();
      assertTrue(Arrays.stream(signals).distinct().count() > 3, "the tokens differ");
    }
  }
}
