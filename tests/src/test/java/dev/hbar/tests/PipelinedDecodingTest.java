package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.monitor.signal.SignalProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps submitted ahead, as on a GPU, whatever device the tests run on. */
@NativeTest
class PipelinedDecodingTest {
  private static final Sampling SAMPLED = new Sampling(1.5f, 20, 0.9f, 0f, 4);

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void stepsAhead_giveTheSameTokensAndSignals(int depth) throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    for (Sampling sampling : List.of(Sampling.GREEDY, SAMPLED)) {
      List<Step> plain = decode(fixture, sampling, 0);
      List<Step> ahead = decode(fixture, sampling, depth);
      for (int i = 0; i < plain.size(); i++) {
        assertEquals(plain.get(i).tokens()[0], ahead.get(i).tokens()[0], "token of step " + i);
        assertArrayEquals(
            plain.get(i).measured()[0], ahead.get(i).measured()[0], "signals of step " + i);
      }
    }
  }

  /** Ends with steps still in flight. */
  private static List<Step> decode(Fixture fixture, Sampling sampling, int depth)
      throws IOException {
    ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(fixture.folder()));
    Compute dense = new Compute(WeightForm.DENSE, DType.FLOAT32);
    List<Step> steps = new ArrayList<>();
    try (CausalLm model = loader.load(new LoadOptions(dense, MaskChoice.AUTO));
        MlxScope run = model.openRun("test");
        BatchDecoder decoder =
            new BatchDecoder(
                model,
                run,
                Loaded.cache(model, run, List.of(fixture.prompt())),
                new SignalProbe(model.layers()),
                sampling,
                depth)) {
      steps.add(decoder.start(List.of(fixture.prompt())));
      while (steps.size() < 12) {
        steps.add(decoder.next());
      }
    }
    return steps;
  }
}
