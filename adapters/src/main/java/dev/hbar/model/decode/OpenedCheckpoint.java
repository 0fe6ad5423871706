package dev.hbar.model.decode;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointHash;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint whose files are read and validated: it says what it is and what memory it will take
 * before its weights are loaded. Any thread.
 *
 * @param directory where it lies
 * @param loader of its weights
 * @param options that it is loaded with
 * @param tokenizer closed by whoever opened the checkpoint
 */
public record OpenedCheckpoint(
    CheckpointDirectory directory, ModelLoader loader, LoadOptions options, Tokenizer tokenizer) {
  private static final int PLANNED_CONTEXT = 2048;

  /**
   * Finds and reads a checkpoint.
   *
   * @param name a folder, or ORG/NAME[@REVISION] in the Hugging Face cache
   * @param environment names that cache
   * @param dtype of the activations; empty leaves it to the compute policy
   * @throws dev.hbar.model.checkpoint.CheckpointException if it does not exist or is damaged
   * @throws dev.hbar.mlx.MlxUnavailableException if MLX cannot be loaded
   */
  public static OpenedCheckpoint of(
      String name,
      Map<String, String> environment,
      Optional<DType> dtype,
      RopeReference reference) {
    return of(name, environment, dtype, reference, Optional.empty());
  }

  /**
   * The same for one of several processes that compute together.
   *
   * @param group of them; empty for one process alone
   * @throws dev.hbar.model.checkpoint.CheckpointException also if they cannot share the model
   */
  public static OpenedCheckpoint of(
      String name,
      Map<String, String> environment,
      Optional<DType> dtype,
      RopeReference reference,
      Optional<MlxGroup> group) {
    CheckpointDirectory directory = CheckpointDirectory.resolve(name, environment);
    ModelLoader whole = ModelLoader.of(directory);
    ModelLoader loader = group.map(whole::spreadOver).orElse(whole);
    LoadOptions options = new LoadOptions(loader.compute(dtype), MaskChoice.AUTO, reference);
    Tokenizer tokenizer = reference.tokenizer(directory.path(), loader.config());
    return new OpenedCheckpoint(directory, loader, options, tokenizer);
  }

  /** Hash of the checkpoint's content, as score files have it. Reads every byte of the weights. */
  public String sha256() {
    return CheckpointHash.of(directory, loader.files());
  }

  /** Device, policy and number of processes in words. */
  public String compute() {
    int ranks = loader.files().shares().ranks();
    return ranks == 1 ? options.words() : options.words() + ", spread over " + ranks + " ranks";
  }

  /** What is odd about the folder, without harm. */
  public Optional<String> note() {
    return loader.files().note();
  }

  /** The memory that so many sequences of usual length take, computed together. */
  public MemoryPlan plan(int sequences) {
    int context = Math.min(loader.config().contextLength(), PLANNED_CONTEXT);
    return loader.plan(options.compute(), context, sequences, Prefill.CHUNK);
  }

  /**
   * Loads the weights on MLX's thread.
   *
   * @throws dev.hbar.model.checkpoint.CheckpointException if the plan does not fit into memory, or
   *     a weight is missing, left over or of another shape
   */
  public CausalLm load(MemoryPlan plan) {
    plan.requireWithin(MemoryLimit.bytes());
    CausalLm[] model = new CausalLm[1];
    MlxThread.run(() -> model[0] = loader.load(options));
    return model[0];
  }
}
