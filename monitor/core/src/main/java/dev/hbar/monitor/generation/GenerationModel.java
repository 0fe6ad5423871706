package dev.hbar.monitor.generation;

import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointHash;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint that generates monitored text. Opening it reads config and tokenizer; the weights
 * are loaded by the first generation, when it is known how much memory that needs. Belongs to one
 * thread at a time; closing frees model and tokenizer.
 */
public final class GenerationModel implements AutoCloseable {
  private final CheckpointDirectory directory;
  private final ModelLoader loader;
  private final LoadOptions options;
  private final Tokenizer tokenizer;
  private Optional<CausalLm> model = Optional.empty();

  private GenerationModel(
      CheckpointDirectory directory, ModelLoader loader, LoadOptions options, Tokenizer tokenizer) {
    this.directory = directory;
    this.loader = loader;
    this.options = options;
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a checkpoint.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION] in the Hugging Face cache
   * @param environment names that cache, see {@link System#getenv()}
   * @param ropeReference whose rope and windows the model computes with
   * @throws dev.hbar.model.checkpoint.CheckpointException if it is not there or damaged
   * @throws dev.hbar.mlx.MlxUnavailableException if MLX cannot be loaded
   */
  public static GenerationModel open(
      String checkpoint, Map<String, String> environment, RopeReference ropeReference) {
    CheckpointDirectory directory = CheckpointDirectory.resolve(checkpoint, environment);
    ModelLoader loader = ModelLoader.of(directory);
    Compute compute = loader.compute(Optional.empty());
    LoadOptions options = new LoadOptions(compute, MaskChoice.AUTO, ropeReference);
    return new GenerationModel(directory, loader, options, Tokenizer.open(directory.path()));
  }

  /** Name of the checkpoint: its folder's name, not its path. */
  public String name() {
    return directory.name();
  }

  /** Hash of the checkpoint's content, as score files have it. Reads every byte of the weights. */
  public String sha256() {
    return CheckpointHash.of(directory, loader.files());
  }

  /** Device and compute policy in words, for instance {@code cpu, dense weights, float32}. */
  public String compute() {
    return options.words();
  }

  /** The numbers of the model. */
  public ModelConfig config() {
    return loader.config();
  }

  /** The tokenizer; closed with this model. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** How conversations become prompts; empty for a base model. */
  public Optional<ChatTemplate> chatTemplate() {
    return ChatTemplate.read(directory.path());
  }

  /**
   * Loads the weights now instead of with the first generation.
   *
   * @param promptTokens length of the prompt that will come
   * @throws PromptException if the prompt is empty or does not fit into the context
   * @throws dev.hbar.model.checkpoint.CheckpointException if the model needs more memory than this
   *     machine may give, or a weight is missing, left over or of another shape
   */
  public void load(int promptTokens, GenerationSettings settings) {
    int length = promptTokens + settings.newTokens(promptTokens, config().contextLength());
    loader.plan(options.compute(), length, 1, Prefill.CHUNK).requireWithin(MemoryLimit.bytes());
    if (model.isEmpty()) {
      MlxThread.run(() -> model = Optional.of(loader.load(options)));
    }
  }

  /**
   * Generates monitored text, see {@link MonitoredGeneration#run}.
   *
   * @param prompt token ids, special tokens included
   * @param listener gets every token of the text, on MLX's thread
   */
  public GenerationResult generate(
      int[] prompt, GenerationSettings settings, TokenListener listener) {
    load(prompt.length, settings);
    return new MonitoredGeneration(model.orElseThrow(), tokenizer, settings).run(prompt, listener);
  }

  /** Idempotent. */
  @Override
  public void close() {
    tokenizer.close();
    model.ifPresent(loaded -> MlxThread.run(loaded::close));
    model = Optional.empty();
  }
}
