package dev.hbar.study.scoring;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.ModelConfig;
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

/** A loaded checkpoint that scores groups of samples on MLX's thread. */
final class MlxScoringSession implements ScoringSession {
  private final CheckpointDirectory directory;
  private final String sha256;
  private final ScoringRequest request;
  private final String compute;
  private final MemoryPlan plan;
  private final int groupSize;
  private final Tokenizer tokenizer;
  private final CausalLm model;

  MlxScoringSession(
      CheckpointDirectory directory,
      String sha256,
      ScoringRequest request,
      String compute,
      MemoryPlan plan,
      int groupSize,
      Tokenizer tokenizer,
      CausalLm model) {
    this.directory = directory;
    this.sha256 = sha256;
    this.request = request;
    this.compute = compute;
    this.plan = plan;
    this.groupSize = groupSize;
    this.tokenizer = tokenizer;
    this.model = model;
  }

  @Override
  public List<SampleScore> score(List<Sample> group) {
    Map<Sample, SampleScore> scores = new LinkedHashMap<>();
    List<TokenizedSample> fit = new ArrayList<>();
    for (Sample sample : group) {
      int[] ids = tokenizer.encode(sample.prompt());
      Optional<String> misfit = misfit(ids.length);
      misfit.ifPresent(why -> scores.put(sample, failed(sample, why)));
      if (misfit.isEmpty()) {
        fit.add(new TokenizedSample(sample, ids));
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

  private List<BatchScorer.Row> decode(List<TokenizedSample> samples) {
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

  private SampleScore scored(TokenizedSample sample, BatchScorer.Row row) {
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
    return directory.name();
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
    return compute;
  }

  @Override
  public String memory() {
    return plan.toString();
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
