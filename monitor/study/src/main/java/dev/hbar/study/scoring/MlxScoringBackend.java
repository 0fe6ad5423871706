package dev.hbar.study.scoring;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.decode.OpenedCheckpoint;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Opens checkpoints on MLX for scoring. */
public final class MlxScoringBackend implements ScoringBackend {
  /**
   * Samples computed together unless the user says otherwise; the largest that fits in half of what
   * a model may use. A decode step of 32 rows costs little more than one of 1, as both read all
   * weights; rows that have ended leave the batch, and prompts of other lengths have one of their
   * own.
   */
  private static final List<Integer> GROUPS = List.of(32, 16, 8, 4, 2);

  private final Map<String, String> environment;

  /** A backend that finds the Hugging Face cache by these variables. */
  public MlxScoringBackend(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name(String checkpoint) {
    return CheckpointDirectory.resolve(checkpoint, environment).name();
  }

  @Override
  public MlxMemory.Snapshot memory() {
    MlxMemory.Snapshot[] found = new MlxMemory.Snapshot[1];
    MlxThread.run(() -> found[0] = MlxMemory.snapshot());
    return found[0];
  }

  @Override
  public MlxMemory.Snapshot settle() {
    MlxThread.run(
        () -> {
          MlxMemory.clearCache();
          MlxMemory.resetPeak();
        });
    return memory();
  }

  @Override
  public ScoringBackend.Session open(String checkpoint, ScoringRequest request) {
    OpenedCheckpoint opened =
        OpenedCheckpoint.of(checkpoint, environment, Optional.empty(), request.ropeReference());
    requireBlocks(
        request.driftLayers(), opened.loader().config().layers(), opened.directory().name());
    int group = request.groupSize().orElseGet(() -> largestGroup(opened));
    return new Session(opened, request, group);
  }

  private static int largestGroup(OpenedCheckpoint opened) {
    return GROUPS.stream()
        .filter(group -> 2 * opened.plan(group).total() <= MemoryLimit.bytes())
        .findFirst()
        .orElse(GROUPS.getLast());
  }

  private static void requireBlocks(List<Integer> wanted, int layers, String name) {
    for (int layer : wanted) {
      if (layer < 0 || layer >= layers) {
        throw new CheckpointException(
            "no block %s to measure the drift of: %s has blocks 0 to %s; choose among them"
                .formatted(layer, name, layers - 1));
      }
    }
  }

  /** A loaded checkpoint that scores groups of samples on MLX's thread. */
  private static final class Session implements ScoringBackend.Session {
    private final OpenedCheckpoint checkpoint;
    private final ScoringRequest request;
    private final int groupSize;
    private final MemoryPlan plan;
    private final String sha256;
    private final Tokenizer tokenizer;
    private final CausalLm model;

    Session(OpenedCheckpoint checkpoint, ScoringRequest request, int groupSize) {
      this.checkpoint = checkpoint;
      this.request = request;
      this.groupSize = groupSize;
      this.plan = checkpoint.plan(groupSize);
      this.tokenizer = checkpoint.tokenizer();
      this.model = checkpoint.load(plan);
      this.sha256 = checkpoint.sha256();
    }

    @Override
    public List<SampleScore> score(List<Sample> group) {
      Map<Sample, SampleScore> scores = new LinkedHashMap<>();
      List<PrefixGroup.Tokenized> fit = new ArrayList<>();
      for (Sample sample : group) {
        int[] ids = tokenizer.encode(sample.prompt());
        Optional<String> misfit = misfit(ids.length);
        misfit.ifPresent(why -> scores.put(sample, failed(sample, why)));
        if (misfit.isEmpty()) {
          fit.add(new PrefixGroup.Tokenized(sample, ids));
        }
      }
      if (!fit.isEmpty()) {
        List<BatchScorer.Row> rows = decode(fit);
        for (int i = 0; i < fit.size(); i++) {
          scores.put(fit.get(i).sample(), scored(fit.get(i), rows.get(i)));
        }
      }
      return group.stream().map(scores::get).toList();
    }

    private List<BatchScorer.Row> decode(List<PrefixGroup.Tokenized> samples) {
      List<BatchScorer.Row> rows = new ArrayList<>();
      MlxThread.run(() -> rows.addAll(new BatchScorer(model, request).score(samples)));
      return rows;
    }

    /** Nothing is cut silently: a prompt that does not fit is a failed sample with both numbers. */
    private Optional<String> misfit(int promptTokens) {
      ModelConfig config = model.config();
      if (promptTokens == 0) {
        return Optional.of("the prompt has no tokens");
      }
      return promptTokens + request.maxTokens() > config.contextLength()
          ? Optional.of(
              "%s prompt and %s new tokens exceed the context of %s"
                  .formatted(promptTokens, request.maxTokens(), config.contextLength()))
          : Optional.empty();
    }

    private static SampleScore failed(Sample sample, String why) {
      return SampleScore.failed(sample, new IllegalArgumentException(why));
    }

    private SampleScore scored(PrefixGroup.Tokenized sample, BatchScorer.Row row) {
      return SampleScore.of(
          sample.sample(),
          sample.ids().length,
          answerTokens(sample.sample().answer()),
          row.ended() ? "eos" : "length",
          row.tokens(),
          Map.of(),
          request.perToken());
    }

    private OptionalInt answerTokens(String answer) {
      return answer.isEmpty()
          ? OptionalInt.empty()
          : OptionalInt.of(tokenizer.encode(answer, false).length);
    }

    @Override
    public String checkpointName() {
      return checkpoint.directory().name();
    }

    @Override
    public String checkpointSha256() {
      return sha256;
    }

    @Override
    public int groupSize() {
      return groupSize;
    }

    @Override
    public String compute() {
      return checkpoint.compute();
    }

    @Override
    public String memory() {
      return plan.toString();
    }

    @Override
    public Optional<String> note() {
      return checkpoint.note();
    }

    @Override
    public Map<String, String> versions() {
      return Map.of("mlx", Mlx.version(), "mlx-c", Mlx.mlxcVersion());
    }

    @Override
    public void close() {
      tokenizer.close();
      MlxThread.run(model::close);
    }
  }
}
