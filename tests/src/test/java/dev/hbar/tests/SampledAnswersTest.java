package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import dev.hbar.model.family.RopeReference;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.states.GivenBackend;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import dev.hbar.study.states.GivenModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is asked again. */
@NativeTest
class SampledAnswersTest {
  private static final String PROMPT = "The river Seine flows through the";

  @TempDir Path folder;

  @Test
  void samplesNextToNoTemperature_areTheGreedyAnswerEachTime() {
    GenerationSettings greedy = GenerationSettings.builder().maxTokens(5).build();
    String answer;
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString())) {
      answer = model.generate(PROMPT, greedy, TokenListener.NONE).text();
    }
    assertEquals(-1, answer.indexOf('\n'), "a sample ends at its line's end");
    SamplingRequest request = new SamplingRequest(3, 5, 1e-4f, 7);
    List<Sample> record = List.of(sample("a_1_cor", answer), sample("a_1_hal", answer + " Zzyx"));
    try (ScoringBackend.Session session = session(RealCheckpoint.folder(), request)) {
      List<SampleScore> scores = session.score(record);
      Map<String, Double> same = values(scores.get(0));
      Map<String, Double> longer = values(scores.get(1));
      assertEquals(-same.get("logprob_mean"), same.get("sampled_entropy"), 2e-3);
      for (String none : List.of("semantic_entropy", "semantic_entropy_discrete")) {
        assertEquals(0, same.get(none));
        assertEquals(0, longer.get(none));
      }
      assertEquals(0, same.get("lexical_spread"), 1e-12);
      assertEquals(0, same.get("lexical_dissent"), 1e-12);
      assertEquals(0, same.get("semantic_dissent"), "the words of each sample");
      int words = answer.strip().split("\\W+").length;
      assertEquals(1 - 2.0 * words / (2 * words + 1), longer.get("lexical_dissent"), 1e-12, answer);
      // Samples are alike, so the judge is asked about the longer answer only, both ways.
      assertTrue(session.costs().get(2).stage().endsWith(" of 2 pairs"), session.costs() + "");
      assertEquals(2, session.costs().get(1).answers());
    }
  }

  @Test
  void firstTokensAtTemperatureOne_areAsUnlikelyAsTheEntropySays() throws Exception {
    CommandFolder.model(folder);
    Sample sample = sample("a_1_cor", " a");
    double entropy;
    try (GivenModel model =
        GivenModel.open(folder.toString(), Map.of(), RopeReference.TRANSFORMERS)) {
      entropy = model.score(sample, 0.1).signals().getFirst().get(DistributionSignals.ENTROPY);
    }
    try (ScoringBackend.Session session = session(folder, new SamplingRequest(100, 1, 1, 42))) {
      double sampled = values(session.score(List.of(sample)).getFirst()).get("sampled_entropy");
      // 100 draws of a surprise whose deviation is about 1.
      assertEquals(entropy, sampled, 0.4);
    }
  }

  @Test
  void brokenRun_isResumedToTheSameBytesAndOnlyWithItsSeed() throws Exception {
    CommandFolder.of(folder, "");
    ProgramRun whole = score("whole.jsonl", "5");
    assertEquals(0, whole.code(), whole.err());
    assertTrue(whole.out().contains("\nsemantic_entropy "), whole.out());
    assertTrue(whole.out().contains("\n3 samples of each question  "), whole.out());
    Path out = folder.resolve("whole.jsonl");
    ScoreFile file = ScoreFile.read(out);
    assertTrue(
        file.header().settings().compute().endsWith(", 3 samples at temperature 1.0, seed 5"),
        file.header() + "");
    assertEquals(6, file.header().settings().signals().stream().filter(SAMPLING::contains).count());

    List<String> lines = Files.readAllLines(out);
    assertEquals(1 + 8, lines.size());
    // In the middle of a record.
    Files.write(folder.resolve("broken.jsonl"), lines.subList(0, 4));
    ProgramRun resumed = score("broken.jsonl", "5");
    assertEquals(0, resumed.code(), resumed.err());
    assertArrayEquals(Files.readAllBytes(out), Files.readAllBytes(folder.resolve("broken.jsonl")));

    ProgramRun other = score("broken.jsonl", "6");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("is of another run: settings.compute is "), other.err());
  }

  private static final List<String> SAMPLING =
      List.of(
          "semantic_entropy",
          "semantic_entropy_discrete",
          "sampled_entropy",
          "lexical_spread",
          "semantic_dissent",
          "lexical_dissent");

  private ProgramRun score(String out, String seed) throws Exception {
    String command =
        "score model --data data/qa_data.json --task qa --limit 4 --answers sampled --samples 3"
            + " --max-tokens 4 --batch 2 --sampling-seed "
            + seed
            + " --out "
            + out;
    return ProgramRun.of(folder, "", command.split(" "));
  }

  private static ScoringBackend.Session session(Path checkpoint, SamplingRequest request) {
    ScoringRequest scoring =
        new ScoringRequest(
            request.maxTokens(),
            0.1,
            false,
            OptionalInt.empty(),
            List.of(),
            RopeReference.TRANSFORMERS);
    return new GivenBackend(Map.of(), Optional.of(request)).open(checkpoint.toString(), scoring);
  }

  private static Map<String, Double> values(SampleScore score) {
    return assertInstanceOf(SampleScore.Scored.class, score, score + "").values();
  }

  private static Sample sample(String id, String answer) {
    int label = id.contains("_hal") ? 1 : 0;
    return new Sample(id, label, PROMPT + answer, answer, PROMPT.length());
  }
}
