package dev.hbar.study.states;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.decode.OpenedCheckpoint;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint, loaded to look at given answers. One thread at a time; closing frees model and
 * tokenizer.
 */
public final class GivenModel implements AutoCloseable {
  /** Answers of a record computed together. */
  private static final int PLANNED_ROWS = 2;

  private final OpenedCheckpoint checkpoint;
  private final String sha256;
  private final MemoryPlan plan;
  private final Tokenizer tokenizer;
  private final CausalLm model;
  private final int[] yesNo;

  private GivenModel(OpenedCheckpoint checkpoint, MemoryPlan plan) {
    this.checkpoint = checkpoint;
    this.plan = plan;
    this.tokenizer = checkpoint.tokenizer();
    this.model = checkpoint.load(plan);
    this.sha256 = checkpoint.sha256();
    this.yesNo = new int[] {firstToken(" Yes"), firstToken(" No")};
  }

  /**
   * Loads a checkpoint.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION]
   * @param environment names the Hugging Face cache
   * @throws RuntimeException with a one-line message if the checkpoint cannot be used
   */
  public static GivenModel open(
      String checkpoint, Map<String, String> environment, RopeReference ropeReference) {
    return open(checkpoint, environment, ropeReference, PLANNED_ROWS);
  }

  /**
   * @param rows sequences computed together
   */
  static GivenModel open(
      String checkpoint, Map<String, String> environment, RopeReference ropeReference, int rows) {
    OpenedCheckpoint opened =
        OpenedCheckpoint.of(checkpoint, environment, Optional.empty(), ropeReference);
    return new GivenModel(opened, opened.plan(rows));
  }

  private int firstToken(String word) {
    return tokenizer.encode(word, false)[0];
  }

  /** Name of the checkpoint: its folder's name, not its path. */
  public String name() {
    return checkpoint.directory().name();
  }

  /** Hash of config, weights and tokenizer. */
  public String sha256() {
    return sha256;
  }

  /** The compute policy in words. */
  public String compute() {
    return checkpoint.options().words();
  }

  /** What is odd about the checkpoint's folder, without harm. */
  public Optional<String> note() {
    return checkpoint.note();
  }

  /** The memory planned for, in words. */
  public String memory() {
    return plan.toString();
  }

  /** Numbers of the model. */
  public ModelConfig config() {
    return model.config();
  }

  /** The tokenizer; closed with this model. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Name to version of what computes. */
  public Map<String, String> versions() {
    return Map.of("mlx", Mlx.version(), "mlx-c", Mlx.mlxcVersion());
  }

  /**
   * What the model says about one answer.
   *
   * @throws IllegalArgumentException if it does not fit into the context or cannot be told apart
   * @throws NonFiniteException if a number of it is NaN or infinite
   */
  public Score score(Sample sample, double alpha) {
    GivenAnswer answer = answer(sample);
    List<Score> scores = new ArrayList<>();
    MlxThread.run(
        () ->
            new GivenPass(model, new StatesRequest(List.of(), Set.of(), true, false, alpha), yesNo)
                .run(List.of(answer))
                .forEach(outcome -> scores.add(outcome.score().orElseThrow())));
    return scores.getFirst().requireFinite(checkpoint.directory().path());
  }

  /** Where the checkpoint is. */
  Path directory() {
    return checkpoint.directory().path();
  }

  /** Scores and states of answers that share what stands before them. */
  List<GivenPass.Outcome> run(List<GivenAnswer> group, StatesRequest request) {
    List<GivenPass.Outcome> outcomes = new ArrayList<>();
    GivenPass pass = new GivenPass(model, request, yesNo);
    MlxThread.run(() -> outcomes.addAll(pass.run(group)));
    return outcomes;
  }

  /**
   * Samples of what the model itself says after a prompt.
   *
   * @param prompt at least one id
   * @throws IllegalArgumentException if prompt and sample do not fit into the context
   */
  List<SamplingPass.Drawn> draw(int[] prompt, SamplingRequest request, long seed) {
    if (prompt.length + request.maxTokens() > config().contextLength()) {
      throw new IllegalArgumentException(
          "%s prompt and %s new tokens exceed the context of %s; shorten one of them"
              .formatted(prompt.length, request.maxTokens(), config().contextLength()));
    }
    List<SamplingPass.Drawn> drawn = new ArrayList<>();
    SamplingPass pass = new SamplingPass(model, tokenizer, yesNo);
    MlxThread.run(() -> drawn.addAll(pass.draw(prompt, request, seed)));
    return drawn;
  }

  /** What the model says about pairs of texts: does the one entail the other? */
  SamplingPass.Judgement judge(List<SamplingPass.Pair> pairs) {
    List<SamplingPass.Judgement> judged = new ArrayList<>();
    SamplingPass pass = new SamplingPass(model, tokenizer, yesNo);
    MlxThread.run(() -> judged.add(pass.entails(pairs)));
    return judged.getFirst();
  }

  /**
   * The tokens of a sample; nothing is cut silently.
   *
   * @throws IllegalArgumentException if it does not fit into the context or cannot be told apart
   */
  GivenAnswer answer(Sample sample) {
    GivenAnswer answer = GivenAnswer.of(tokenizer, sample);
    if (answer.ids().length > config().contextLength()) {
      throw new IllegalArgumentException(
          "%s tokens exceed the context of %s; shorten the text"
              .formatted(answer.ids().length, config().contextLength()));
    }
    return answer;
  }

  @Override
  public void close() {
    tokenizer.close();
    MlxThread.run(model::close);
  }

  /**
   * What the model says about a given answer.
   *
   * @param promptTokens tokens before the answer
   * @param tokens one per token of the answer
   * @param bareLogprobs log-probabilities of the answer's tokens without the context
   * @param yesMinusNo logit of Yes less that of No after the whole prompt
   */
  public record Score(
      int promptTokens, List<Token> tokens, double[] bareLogprobs, double yesMinusNo) {
    /**
     * One token of a given answer.
     *
     * @param logprob natural logarithm of its probability after what stands before it
     * @param rank 1 for the likeliest token
     * @param signals those of a generated token, from the same logits and states
     */
    public record Token(double logprob, int rank, TokenSignals signals) {}

    /** Copies the list. */
    public Score {
      tokens = List.copyOf(tokens);
    }

    /**
     * This score, checked.
     *
     * @throws NonFiniteException naming the first number that is NaN or infinite
     */
    Score requireFinite(Path checkpoint) {
      for (int step = 0; step < tokens.size(); step++) {
        tokens.get(step).signals().requireFinite(step, checkpoint);
      }
      ofGivenAnswer()
          .forEach(
              (signal, value) -> {
                if (!Double.isFinite(value)) {
                  throw new NonFiniteException(signal.id(), "an answer of " + checkpoint);
                }
              });
      return this;
    }

    /** The tokens' signals. */
    public List<TokenSignals> signals() {
      return tokens.stream().map(Token::signals).toList();
    }

    /** What only a given answer has. */
    public Map<Signal, Double> ofGivenAnswer() {
      return GivenSignals.of(
          tokens.stream().mapToDouble(Token::logprob).toArray(),
          tokens.stream().mapToInt(Token::rank).toArray(),
          bareLogprobs,
          yesMinusNo);
    }

    /** {@link #ofGivenAnswer} and the scores of its tokens. */
    public Map<String, Double> aggregates() {
      Map<String, Double> all = new LinkedHashMap<>();
      ofGivenAnswer().forEach((signal, value) -> all.put(signal.id(), value));
      TokenSignals.scores(signals()).forEach((signal, value) -> all.put(signal.id(), value));
      return all;
    }
  }
}
