package dev.hbar.monitor.generation;

import dev.hbar.mlx.Mlx;
import dev.hbar.model.answer.AnswerFormat;
import dev.hbar.model.answer.AnswerStream;
import dev.hbar.model.answer.ParameterTypes;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.decode.OpenedCheckpoint;
import dev.hbar.model.decode.Session;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.io.Sha256;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.model.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A checkpoint that generates monitored text. Opening it reads config and tokenizer; the weights
 * are loaded once, by the first call that needs them, when it is known how much memory that takes.
 *
 * <p>Safe from any thread, virtual ones too. Calls of several threads, and of several models, take
 * turns step by step on the one thread that owns MLX. Closing frees model and tokenizer; what is
 * under way then ends with a {@link GenerationException.ModelClosed}.
 */
public final class GenerationModel implements AutoCloseable {
  private final OpenedCheckpoint checkpoint;
  private final LoadedOnce model;
  private final Tokenizer tokenizer;
  private Optional<ChatTemplate> template = Optional.empty();

  private GenerationModel(OpenedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.model = new LoadedOnce(checkpoint);
    this.tokenizer = checkpoint.tokenizer();
  }

  /**
   * Opens a checkpoint with {@link OpenOptions#DEFAULT}.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION] in the Hugging Face cache
   */
  public static GenerationModel open(String checkpoint) {
    return open(checkpoint, OpenOptions.DEFAULT);
  }

  /**
   * Opens a checkpoint.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION] in the Hugging Face cache
   * @throws dev.hbar.model.checkpoint.CheckpointException if it does not exist or is damaged
   * @throws dev.hbar.mlx.MlxUnavailableException if MLX cannot be loaded
   */
  public static GenerationModel open(String checkpoint, OpenOptions options) {
    return new GenerationModel(
        OpenedCheckpoint.of(
            checkpoint,
            options.environment(),
            options.dtype(),
            options.ropeReference(),
            options.group()));
  }

  /** Name of the checkpoint: its folder's name, not its path. */
  public String name() {
    return checkpoint.directory().name();
  }

  /** Hash of the checkpoint's content, as score files have it. Reads every byte of the weights. */
  public String sha256() {
    return checkpoint.sha256();
  }

  /** Device and compute policy in words, for instance {@code cpu, mixed weights, float32}. */
  public String compute() {
    return checkpoint.compute();
  }

  /** The same for models that compute the same states of the same ids. */
  String statesKey() {
    String what = sha256() + ' ' + compute() + ' ' + Mlx.version() + " 1";
    return Sha256.hex(what.getBytes(StandardCharsets.UTF_8));
  }

  /** What is odd about the checkpoint's folder, without harm. */
  public Optional<String> note() {
    return checkpoint.note();
  }

  /** The numbers of the model. */
  public ModelConfig config() {
    return checkpoint.loader().config();
  }

  /** The tokenizer; closed with this model. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** How conversations become prompts; empty for a base model. */
  public synchronized Optional<ChatTemplate> chatTemplate() {
    if (template.isEmpty()) {
      template = ChatTemplate.read(checkpoint.directory().path());
    }
    return template;
  }

  /**
   * A stream that takes an answer apart into reasoning, text and calls of tools, in the format of
   * the checkpoint's chat template; without a template all is text. It needs no weights, holds
   * nothing to close, and is for one answer and one thread: give it the id of each token as it
   * comes, then {@link AnswerStream#finish}.
   *
   * @param prompt the rendered conversation that the answer goes on from; where it ends inside an
   *     opened reasoning, the answer begins inside it
   * @param types of the parameters of the tools that were offered, so that a call's arguments get
   *     their types where the format writes plain text; {@link ParameterTypes#UNKNOWN} without
   *     tools
   * @throws dev.hbar.model.checkpoint.CheckpointException if the checkpoint's template cannot be
   *     read
   */
  public AnswerStream answerStream(String prompt, ParameterTypes types) {
    AnswerFormat format =
        chatTemplate()
            .map(template -> AnswerFormat.of(template.source()))
            .orElse(AnswerFormat.PLAIN);
    return new AnswerStream(tokenizer, format.reader(prompt, types), config().eosTokenIds());
  }

  /**
   * Loads the weights now instead of with the first generation.
   *
   * @param promptTokens length of the prompt that will come
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context
   * @throws dev.hbar.model.checkpoint.CheckpointException if the model needs more memory than this
   *     machine may give, or a weight is missing, left over or of another shape
   */
  public void load(int promptTokens, GenerationSettings settings) {
    model.load(promptTokens + settings.newTokens(promptTokens, config().contextLength()));
  }

  /**
   * Generates monitored text after a text as it stands, up to {@value
   * GenerationSettings#DEFAULT_MAX_TOKENS} tokens, greedily.
   */
  public GenerationResult generate(String prompt) {
    return generate(prompt, GenerationSettings.DEFAULT, TokenListener.NONE);
  }

  /**
   * Generates monitored text after a text as it stands, see {@link #generate(int[],
   * GenerationSettings, TokenListener)}.
   */
  public GenerationResult generate(
      String prompt, GenerationSettings settings, TokenListener listener) {
    Objects.requireNonNull(listener, "listener");
    return started(tokenize(prompt), settings).run(listener);
  }

  /**
   * Generates monitored text until the end-of-sequence token, the limit, a stop string, a risky
   * token, or the listener's wish. An interrupt of the calling thread stops it within one step.
   *
   * @param prompt token ids, special tokens included
   * @param listener gets every token of the text on this thread; not the one dropped by halting,
   *     and nothing after this call has returned or thrown
   */
  public GenerationResult generate(
      int[] prompt, GenerationSettings settings, TokenListener listener) {
    Objects.requireNonNull(listener, "listener");
    return start(prompt, settings).run(listener);
  }

  /**
   * A generation whose tokens the caller asks for one by one; close it.
   *
   * @param prompt token ids, special tokens included
   * @throws GenerationException.BadPrompt if it is empty, does not fit into the context, or the
   *     model does not know an id of it
   */
  public Generation start(int[] prompt, GenerationSettings settings) {
    new GivenText(this, prompt).requireKnown();
    return started(prompt, settings);
  }

  private Generation started(int[] prompt, GenerationSettings settings) {
    settings.requireKnownBias(config().vocabSize());
    load(prompt.length, settings);
    Session session = onModel(Session::new);
    try {
      return new SingleGeneration(this, session, true, prompt, settings, config().contextLength());
    } catch (RuntimeException | Error failure) {
      release(session);
      throw failure;
    }
  }

  /** The tokens of a text as a lazy, sequential stream; close it to stop early. */
  public Stream<GeneratedToken> stream(String prompt, GenerationSettings settings) {
    return TokenStreams.stream(started(tokenize(prompt), settings));
  }

  /**
   * The tokens of a text for a subscriber: every subscription is a generation of its own, on a
   * virtual thread, that computes no token which was not requested.
   */
  public Flow.Publisher<GeneratedToken> publisher(String prompt, GenerationSettings settings) {
    return TokenStreams.publisher(() -> started(tokenize(prompt), settings));
  }

  /**
   * A conversation in the checkpoint's chat template.
   *
   * @throws GenerationException.BadPrompt if the checkpoint has none
   */
  public ChatSession chat() {
    return chat(GenerationSettings.DEFAULT);
  }

  /** The same, its answers generated with these settings. */
  public ChatSession chat(GenerationSettings settings) {
    requireChatTemplate();
    return new ChatSession(this, settings);
  }

  /** The ids of a text, with the special tokens that the tokenizer puts around it. */
  public int[] tokenize(String text) {
    return whileOpen(() -> tokenizer.encode(text));
  }

  /**
   * The ids of a conversation in the checkpoint's chat template.
   *
   * @throws GenerationException.BadPrompt if the checkpoint has none
   * @throws dev.hbar.model.checkpoint.CheckpointException if the template refuses the conversation
   */
  public int[] tokenize(Conversation conversation) {
    String text = requireChatTemplate().render(conversation);
    return whileOpen(() -> tokenizer.encode(text, false));
  }

  private ChatTemplate requireChatTemplate() {
    return chatTemplate().orElseThrow(() -> GenerationException.noTemplate(name()));
  }

  /**
   * What the model thinks of an answer that is given (teacher forcing), in one pass over prompt and
   * answer.
   *
   * @return one entry per token of the answer, which is encoded on its own
   * @throws GenerationException.BadPrompt if either is empty, or both do not fit into the context
   */
  public List<ScoredToken> score(String prompt, String answer) {
    int[] before = tokenize(prompt);
    int[] given = whileOpen(() -> tokenizer.encode(answer, false));
    if (given.length == 0) {
      throw new GenerationException.BadPrompt("the answer has no tokens; give it some text");
    }
    return score(
        IntStream.concat(Arrays.stream(before), Arrays.stream(given)).toArray(), before.length, 0);
  }

  /**
   * What the model thinks of the tokens of a text from one on, in one pass.
   *
   * @param ids special tokens included
   * @param from index of the first token that is scored, at least 1: nothing predicts the first
   * @param alternatives likeliest tokens that are told beside each, 0 to {@value
   *     GenerationSettings#MOST_ALTERNATIVES}
   * @throws GenerationException.BadPrompt if nothing is left to score, the text does not fit into
   *     the context, or the model does not know an id of it
   */
  public List<ScoredToken> score(int[] ids, int from, int alternatives) {
    if (from < 1 || from >= ids.length) {
      throw new GenerationException.BadPrompt(
          "no token to score from index %s of %s; give more text".formatted(from, ids.length));
    }
    GivenText given = new GivenText(this, ids);
    given.requireKnown();
    GenerationSettings settings =
        GenerationSettings.builder()
            .maxTokens(ids.length - from)
            .alternatives(alternatives)
            .build();
    load(from, settings);
    return given.scores(from, settings.alternatives());
  }

  /**
   * States of every token of a text, float32.
   *
   * @param points such as {@code new CapturePoint.BlockOutput(3)}
   * @return by the label of the point (block.3.output, final_norm): a row per token, special tokens
   *     included; where a state has heads, one head after the other
   * @throws GenerationException.BadPrompt if the text is empty or does not fit into the context, or
   *     the model has no such block
   */
  public Map<String, float[][]> hiddenStates(String text, List<CapturePoint> points) {
    int[] ids = tokenize(text);
    GivenText given = new GivenText(this, ids);
    given.requireBlocks(points);
    load(ids.length, GenerationSettings.DEFAULT);
    return given.states(points);
  }

  /** What measures the tokens of a text. */
  GenerationProbe probe(GenerationSettings settings) {
    return GenerationProbe.of(config().layers(), config().vocabSize(), settings);
  }

  /** Runs work on the loaded model, on MLX's thread. */
  <T> T onModel(Function<CausalLm, T> work) {
    return model.call(work);
  }

  /** Frees a session or a run; nothing is left of it once the model is closed. */
  void release(AutoCloseable session) {
    model.release(session);
  }

  /** Runs work on the tokenizer, which is closed with the model. */
  <T> T whileOpen(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalStateException failure) {
      model.requireOpen();
      throw failure;
    }
  }

  /** Waits for the step that is being computed. Idempotent. */
  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }
}
