package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import dev.hbar.model.family.RopeReference;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorFit;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.states.GivenModel;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.states.StatesRequest;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import dev.hbar.study.states.StatesRun;
import dev.hbar.study.states.StatesWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Given answers and detectors on the real checkpoint. */
@NativeTest
class GivenAnswersTest {
  private static final String PROMPT = "The capital of France is";
  private static final int STEPS = 7;

  /** A pass over many positions adds in another order than one over a single position. */
  private static final double RELATIVE = 2e-3;

  private static final String POINT = "block.20";

  @TempDir Path folder;

  @Test
  void greedyAnswerGivenBack_hasTheSignalsOfItsGeneration() {
    GenerationResult generated = generate(HaltPolicy.FLAGGING);
    try (GivenModel model = model()) {
      GivenModel.Score given = model.score(sample("a_1_cor", generated.text()), 0.1);
      assertEquals(STEPS, given.tokens().size());
      for (int i = 0; i < STEPS; i++) {
        TokenSignals expected = generated.signals().get(i);
        TokenSignals actual = given.signals().get(i);
        assertEquals(expected.token(), actual.token(), "the text has other tokens");
        assertEquals(1, given.tokens().get(i).rank(), "greedy takes the likeliest");
        assertClose(expected.hbar(), actual.hbar());
        assertClose(expected.pri(), actual.pri());
        assertClose(expected.get(Signal.DH), actual.get(Signal.DH));
        assertClose(expected.surprise(), -given.tokens().get(i).logprob());
        // Of the same logits: a sum over the vocabulary in one stage would be 1e-4 off.
        assertEquals(actual.surprise(), -given.tokens().get(i).logprob(), 1e-5);
        assertClose(
            expected.get(DistributionSignals.ENTROPY), actual.get(DistributionSignals.ENTROPY));
      }
    }
  }

  @Test
  void answersOfARecordTogether_haveTheStatesOfEachAlone() throws IOException {
    List<Sample> pair =
        List.of(sample("a_1_cor", " Paris, of course."), sample("a_1_hal", " a small town"));
    List<Sample> strangers =
        List.of(sample("a_1_cor", " Paris, of course."), sample("a_2_hal", " a small town"));
    try (GivenModel model = model()) {
      StatesFolder together = states(model, "together", pair, RunWatchStub.FREE);
      StatesFolder alone = states(model, "alone", strangers, RunWatchStub.FREE);
      for (StatePosition position : StatePosition.values()) {
        float[][] one = together.states(POINT, position);
        float[][] other = alone.states(POINT, position);
        assertEquals(other.length, one.length);
        for (int row = 0; row < one.length; row++) {
          assertArrayEquals(other[row], one[row], 2e-3f * largest(other[row]));
        }
      }
      for (AttentionFeature feature : AttentionFeature.values()) {
        float[][] one = together.states(feature.id(), StatePosition.MEAN_ANSWER);
        float[][] other = alone.states(feature.id(), StatePosition.MEAN_ANSWER);
        assertEquals(2, one.length);
        assertEquals(feature == AttentionFeature.LOOKBACK ? 30 * 9 : 30, one[0].length);
        for (int row = 0; row < one.length; row++) {
          assertArrayEquals(other[row], one[row], 2e-3f);
        }
      }
      assertEquals(together.rows().get(1).tokenRow(), together.rows().get(0).answerTokens());
    }
  }

  @Test
  void meanAndLast_areThoseOfTheAnswersTokens() throws IOException {
    try (GivenModel model = model()) {
      StatesFolder states =
          states(
              model,
              "mean",
              List.of(sample("a_1_cor", " Paris, of course."), sample("a_1_hal", " a small town")),
              RunWatchStub.FREE);
      float[][] tokens = states.states(POINT, StatePosition.ANSWER);
      int from = (int) states.rows().get(1).tokenRow();
      int count = states.rows().get(1).answerTokens();
      assertEquals(tokens.length, from + count);
      assertArrayEquals(
          tokens[tokens.length - 1], states.states(POINT, StatePosition.LAST_ANSWER)[1], 1e-6f);
      float[] mean = states.states(POINT, StatePosition.MEAN_ANSWER)[1];
      for (int k = 0; k < mean.length; k++) {
        double sum = 0;
        for (int t = 0; t < count; t++) {
          sum += tokens[from + t][k];
        }
        assertEquals(sum / count, mean[k], 1e-4 * Math.max(1, Math.abs(mean[k])));
      }
    }
  }

  @Test
  void markedSpans_labelTheTokensThatTouchThem() throws IOException {
    List<Sample> samples =
        List.of(
            marked("a_1_hal1", " Paris, of course.", new Sample.Span(1, 6)),
            marked("a_1_hal2", " Zoë's town", new Sample.Span(3, 4), new Sample.Span(7, 8)),
            marked("a_1_cor", " no"),
            sample("a_1_hal3", " no"));
    try (GivenModel model = model()) {
      StatesFolder states = states(model, "marked", samples, RunWatchStub.FREE);
      List<String> labels = new ArrayList<>();
      states.rows().forEach(row -> labels.add(row.tokenLabels()));
      // As Python's tokenizers cut them: Paris|,| of| course|. and Zo|ë|'s| town.
      assertEquals("10000", labels.get(0));
      assertEquals("0101", labels.get(1));
      assertEquals("0", labels.get(2));
      assertEquals("", labels.get(3));
    }
  }

  private static Sample marked(String id, String answer, Sample.Span... spans) {
    return new Sample(
        id,
        id.contains("hal") ? 1 : 0,
        PROMPT + answer,
        answer,
        PROMPT.length(),
        Optional.of(List.of(spans)));
  }

  @Test
  void detectorWhileTextIsGenerated_saysWhatItSaysOnTheStates() throws IOException {
    Detector detector = detector();
    GenerationResult generated =
        generate(new HaltPolicy(new RiskRule.OnDetector(detector), 1, 1, false));
    assertEquals(generate(HaltPolicy.FLAGGING).text(), generated.text(), "it only watches");
    try (GivenModel model = model()) {
      StatesFolder states =
          states(model, "live", List.of(sample("a_1_cor", generated.text())), RunWatchStub.FREE);
      float[][] tokens = states.states(POINT, StatePosition.ANSWER);
      assertEquals(STEPS, tokens.length);
      for (int t = 0; t < STEPS; t++) {
        double offline = detector.bias();
        double scale = 0;
        for (int k = 0; k < tokens[t].length; k++) {
          offline += (double) detector.weights()[k] * tokens[t][k];
          scale += Math.abs((double) detector.weights()[k] * tokens[t][k]);
        }
        double live = generated.signals().get(t).get(Signal.DETECTOR);
        assertEquals(offline, live, 1e-4 * scale);
        assertEquals(
            Detector.probability(live),
            generated.tokens().get(t).risk().orElseThrow(),
            1e-12,
            "the risk is the detector's");
      }
    }
  }

  @Test
  void detectorOfAnotherCheckpoint_isRefused() {
    DetectorException refused =
        assertThrows(DetectorException.class, () -> detector().requireFits("other", 576));
    assertTrue(refused.getMessage().contains("another checkpoint"), refused.getMessage());
  }

  /** On a tiny model: what is kept and taken up does not depend on the weights. */
  @Test
  void interruptedRun_goesOnToTheSameBytes() throws IOException {
    Path tiny = folder.resolve("model");
    CommandFolder.model(tiny);
    List<Sample> samples = new ArrayList<>();
    for (int record = 0; record < 33; record++) {
      samples.add(sample("a_" + record + "_cor", " number " + record));
      samples.add(sample("a_" + record + "_hal", " no number"));
    }
    try (GivenModel model = model(tiny)) {
      run(model, "whole", "block.1", samples, RunWatchStub.FREE);
      SampleRunner.Watch.Outcome first =
          run(model, "broken", "block.1", samples, new RunWatchStub(64));
      assertEquals(64, first.done());
      assertTrue(!Files.exists(folder.resolve("broken/index.jsonl")));
      SampleRunner.Watch.Outcome second =
          run(model, "broken", "block.1", samples, RunWatchStub.FREE);
      assertEquals(64, second.resumed());
      for (String file : List.of("states.safetensors", "index.jsonl", "states.json")) {
        assertArrayEquals(
            Files.readAllBytes(folder.resolve("whole").resolve(file)),
            Files.readAllBytes(folder.resolve("broken").resolve(file)),
            file);
      }
    }
  }

  @Test
  void withoutSignals_statesAreTheSameBytesAndADetectorOfSignalsIsRefused() throws IOException {
    Path tiny = folder.resolve("model");
    CommandFolder.model(tiny);
    List<Sample> samples = List.of(sample("a_0_cor", " one two"), sample("a_0_hal", " three"));
    try (GivenModel model = model(tiny)) {
      run(model, "all", request("block.1", true), samples, RunWatchStub.FREE);
      run(model, "none", request("block.1", false), samples, RunWatchStub.FREE);
    }
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("all/states.safetensors")),
        Files.readAllBytes(folder.resolve("none/states.safetensors")));
    StatesFolder all = StatesFolder.open(folder.resolve("all"));
    StatesFolder none = StatesFolder.open(folder.resolve("none"));
    assertEquals(23, all.rows().get(1).signals().size());
    assertEquals(Map.of(), none.rows().get(1).signals());
    assertEquals(all.rows().get(1).answerTokens(), none.rows().get(1).answerTokens());
    DetectorFit.Request signals =
        new DetectorFit.Request(
            DetectorKind.SIGNALS, StatePosition.MEAN_ANSWER, OptionalInt.empty(), false, 2, 1, 0);
    StudyException refused =
        assertThrows(
            StudyException.class,
            () -> DetectorFit.run(DetectionData.of(none), signals, line -> {}));
    assertTrue(refused.getMessage().contains("--signals all"), refused.getMessage());
  }

  /** Asks to stop once so many samples are done. */
  private record RunWatchStub(int stopAt, int[] done) implements SampleRunner.Watch {
    private static final RunWatchStub FREE = new RunWatchStub(Integer.MAX_VALUE);

    private RunWatchStub(int stopAt) {
      this(stopAt, new int[1]);
    }

    @Override
    public boolean stopRequested() {
      return done[0] >= stopAt;
    }

    @Override
    public void advanced(int now, int total, int failed) {
      done[0] = now;
    }
  }

  private StatesFolder states(
      GivenModel model, String name, List<Sample> samples, SampleRunner.Watch watch) {
    run(model, name, POINT, samples, watch);
    return StatesFolder.open(folder.resolve(name));
  }

  private SampleRunner.Watch.Outcome run(
      GivenModel model, String name, String point, List<Sample> samples, SampleRunner.Watch watch) {
    return run(model, name, request(point, true), samples, watch);
  }

  private static StatesRequest request(String point, boolean signals) {
    return new StatesRequest(
        List.of(point, "lookback", "icr"), Set.of(StatePosition.values()), signals, false, 0.1);
  }

  private SampleRunner.Watch.Outcome run(
      GivenModel model,
      String name,
      StatesRequest request,
      List<Sample> samples,
      SampleRunner.Watch watch) {
    SampleSource source =
        new SampleSource.InMemory(
            new SampleSource.Origin(
                Map.of("a", "0"), "test", new Selection.Records("a", 0, 1, samples.size())),
            samples);
    StatesFolder.Header header =
        StatesFolder.Header.of(model, request, source.origin(), source.size());
    return new StatesRun(model, request)
        .run(source, StatesWriter.open(folder.resolve(name), header), watch, Crew.NONE);
  }

  private static Sample sample(String id, String answer) {
    int label = id.contains("_hal") ? 1 : 0;
    return new Sample(id, label, PROMPT + answer, answer, PROMPT.length());
  }

  private static GivenModel model() {
    return model(RealCheckpoint.folder());
  }

  private static GivenModel model(Path checkpoint) {
    return GivenModel.open(checkpoint.toString(), Map.of(), RopeReference.TRANSFORMERS);
  }

  private static Detector detector() {
    float[] weights = new float[576];
    Random random = new Random(5);
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (float) random.nextGaussian() / 100;
    }
    return new Detector(Path.of("d"), "probe", POINT, "mean-answer", "sha", weights, 0.25f);
  }

  private static GenerationResult generate(HaltPolicy policy) {
    GenerationSettings settings =
        GenerationSettings.builder().maxTokens(STEPS).halt(policy).allSignals().build();
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString())) {
      return model.generate(PROMPT, settings, TokenListener.NONE);
    }
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, RELATIVE * Math.max(0.05, Math.abs(expected)));
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
