package dev.hbar.study.states;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.SamplingSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scoring.MlxScoringBackend;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens checkpoints for scoring the answers that stand in the data, on request beside what the
 * model answers itself when it is asked again.
 */
public final class GivenBackend implements ScoringBackend {
  private final Map<String, String> environment;
  private final MlxScoringBackend generating;
  private final Optional<SamplingRequest> sampling;

  /** A backend that finds the Hugging Face cache by these variables. */
  public GivenBackend(Map<String, String> environment) {
    this(environment, Optional.empty());
  }

  /** The same, asking again if a way to do that is given. */
  public GivenBackend(Map<String, String> environment, Optional<SamplingRequest> sampling) {
    this.sampling = sampling;
    this.environment = Map.copyOf(environment);
    this.generating = new MlxScoringBackend(environment);
  }

  @Override
  public String name(String checkpoint) {
    return generating.name(checkpoint);
  }

  @Override
  public MlxMemory.Snapshot memory() {
    return generating.memory();
  }

  @Override
  public MlxMemory.Snapshot settle() {
    return generating.settle();
  }

  /**
   * @throws StudyException if the drift of other blocks than the last is asked for
   */
  @Override
  public ScoringBackend.Session open(String checkpoint, ScoringRequest request) {
    if (!request.driftLayers().isEmpty()) {
      throw new StudyException(
          "--drift-layers goes with generated answers; hbar states keeps any block of given ones");
    }
    int rows = sampling.map(SamplingRequest::samples).orElse(2);
    return new Session(
        GivenModel.open(checkpoint, environment, request.ropeReference(), rows), request, sampling);
  }

  /** Scores the answers that stand in the data: a group are neighbours of one record. */
  static final class Session implements ScoringBackend.Session {
    /** Even, so that no record is cut. */
    private static final int GROUP = 16;

    private final GivenModel model;
    private final ScoringRequest request;
    private final Optional<SamplingRequest> sampling;
    private final Optional<SampledAnswers> sampled;
    private ScoringBackend.StageCost reading =
        new ScoringBackend.StageCost("one pass over the given answer", 0, 0, 0);

    Session(GivenModel model, ScoringRequest request, Optional<SamplingRequest> sampling) {
      this.model = model;
      this.request = request;
      this.sampling = sampling;
      this.sampled = sampling.map(how -> new SampledAnswers(model, how));
    }

    @Override
    public List<SampleScore> score(List<Sample> group) {
      Map<Sample, SampleScore> scores = new LinkedHashMap<>();
      Map<String, List<GivenAnswer>> records = new LinkedHashMap<>();
      for (Sample sample : group) {
        try {
          records
              .computeIfAbsent(sample.record(), record -> new ArrayList<>())
              .add(model.answer(sample));
        } catch (IllegalArgumentException misfit) {
          scores.put(sample, SampleScore.failed(sample, misfit));
        }
      }
      StatesRequest nothing = new StatesRequest(List.of(), Set.of(), true, false, request.alpha());
      for (List<GivenAnswer> record : records.values()) {
        long start = System.nanoTime();
        List<GivenPass.Outcome> outcomes = model.run(record, nothing);
        long tokens = record.stream().mapToLong(one -> one.ids().length + one.bare().length).sum();
        reading = reading.and(record.size(), tokens, System.nanoTime() - start);
        List<Map<Signal, Double>> further =
            sampled.map(again -> again.of(record)).orElse(List.of());
        for (int i = 0; i < record.size(); i++) {
          GivenModel.Score given = outcomes.get(i).score().orElseThrow();
          Map<Signal, Double> signals = given.ofGivenAnswer();
          if (!further.isEmpty()) {
            signals.putAll(further.get(i));
          }
          scores.put(record.get(i).sample(), score(record.get(i), given, signals));
        }
      }
      return group.stream().map(scores::get).toList();
    }

    @Override
    public List<ScoringBackend.StageCost> costs() {
      return sampled
          .map(again -> Stream.concat(Stream.of(reading), again.costs().stream()).toList())
          .orElse(List.of());
    }

    private SampleScore score(
        GivenAnswer answer, GivenModel.Score given, Map<Signal, Double> further) {
      try {
        given.requireFinite(model.directory());
      } catch (NonFiniteException e) {
        return SampleScore.failed(answer.sample(), e);
      }
      return SampleScore.of(
          answer.sample(),
          given.promptTokens(),
          OptionalInt.of(answer.tokens()),
          "given",
          given.signals(),
          further,
          request.perToken());
    }

    @Override
    public List<String> signals(ScoringRequest asked) {
      List<Signal> again = sampling.isPresent() ? SamplingSignals.ALL : List.of();
      return Stream.of(Signal.scores(List.of()), GivenSignals.ALL, again)
          .flatMap(List::stream)
          .map(Signal::id)
          .toList();
    }

    @Override
    public String checkpointName() {
      return model.name();
    }

    @Override
    public String checkpointSha256() {
      return model.sha256();
    }

    @Override
    public int groupSize() {
      return request.groupSize().orElse(GROUP);
    }

    @Override
    public String compute() {
      return model.compute()
          + ", given answers"
          + sampling.map(how -> ", " + how.words()).orElse("");
    }

    @Override
    public String memory() {
      return model.memory();
    }

    @Override
    public Optional<String> note() {
      return model.note();
    }

    @Override
    public Map<String, String> versions() {
      return model.versions();
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /**
   * How the model is asked again.
   *
   * @param samples of every question, at least 2
   * @param maxTokens of a sample at most
   * @param temperature above 0
   * @param seed of the draws; with a record's name it decides what is drawn for the record
   */
  public record SamplingRequest(int samples, int maxTokens, float temperature, long seed) {
    private static final int MOST = 100;

    /** Refuses numbers out of their range. */
    public SamplingRequest {
      if (samples < 2 || samples > MOST) {
        throw new IllegalArgumentException("--samples must be at least 2 and at most " + MOST);
      }
      if (!(temperature > 0) || !Float.isFinite(temperature)) {
        throw new IllegalArgumentException("--temperature must be above 0");
      }
    }

    /** The seed of a record's draws. */
    long seedOf(String record) {
      return seed * 1_000_003L + record.hashCode();
    }

    /** In words, for a header. */
    String words() {
      return samples + " samples at temperature " + temperature + ", seed " + seed;
    }
  }
}
