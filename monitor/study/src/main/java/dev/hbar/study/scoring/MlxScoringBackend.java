package dev.hbar.study.scoring;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.CheckpointHash;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens checkpoints on MLX for scoring. */
public final class MlxScoringBackend implements ScoringBackend {
  /**
   * Samples computed together unless the user says otherwise; the largest that fits in half of what
   * a model may use. A decode step of 32 rows costs little more than one of 1, as both read all
   * weights; rows that have ended leave the batch, and prompts of other lengths have one of their
   * own.
   */
  private static final List<Integer> GROUPS = List.of(32, 16, 8, 4, 2);

  private static final int PLANNED_CONTEXT = 2048;

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
  public ScoringSession open(String checkpoint, ScoringRequest request) {
    CheckpointDirectory directory = CheckpointDirectory.resolve(checkpoint, environment);
    ModelLoader loader = ModelLoader.of(directory);
    requireBlocks(request.driftLayers(), loader.config().layers(), directory.name());
    Tokenizer tokenizer = Tokenizer.open(directory.path());
    Compute compute = loader.compute(Optional.empty());
    LoadOptions options = new LoadOptions(compute, MaskChoice.AUTO, request.ropeReference());
    int context = Math.min(loader.config().contextLength(), PLANNED_CONTEXT);
    int group = request.groupSize().orElseGet(() -> largestGroup(loader, compute, context));
    MemoryPlan plan = loader.plan(compute, context, group, Prefill.CHUNK);
    plan.requireWithin(MemoryLimit.bytes());
    String sha256 = CheckpointHash.of(directory, loader.files());
    CausalLm[] model = new CausalLm[1];
    MlxThread.run(() -> model[0] = loader.load(options));
    return new MlxScoringSession(
        directory, sha256, request, options.words(), plan, group, tokenizer, model[0]);
  }

  private static int largestGroup(ModelLoader loader, Compute compute, int context) {
    return GROUPS.stream()
        .filter(
            group ->
                2 * loader.plan(compute, context, group, Prefill.CHUNK).total()
                    <= MemoryLimit.bytes())
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
}
