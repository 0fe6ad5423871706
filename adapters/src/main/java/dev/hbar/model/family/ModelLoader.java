package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.SelfTest;
import dev.hbar.model.checkpoint.Adapter;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ConfigReader;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightFiles;
import dev.hbar.model.checkpoint.WeightFilesReader;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.MaskChoice;
import java.util.Optional;

/**
 * A checkpoint folder, read and validated but not loaded: config, headers, compute policy and
 * memory plan are known before any weight is touched.
 */
public final class ModelLoader {
  /** The rest is for the cache and what a step computes. */
  private static final double SHARE_OF_WEIGHTS = 0.75;

  /** Of freed buffers that MLX keeps for reuse; a GPU's are dear to make. */
  private static final long GPU_CACHE_LIMIT_BYTES = 256L << 20;

  private static final long CPU_CACHE_LIMIT_BYTES = 64L << 20;

  private final ModelConfig config;
  private final WeightFiles files;
  private final Optional<MlxGroup> group;

  private ModelLoader(ModelConfig config, WeightFiles files, Optional<MlxGroup> group) {
    this.config = config;
    this.files = files;
    this.group = group;
  }

  /**
   * Reads config and weight headers. Any thread.
   *
   * @throws dev.hbar.model.checkpoint.CheckpointException naming file and field
   */
  public static ModelLoader of(CheckpointDirectory directory) {
    ModelConfig config = ConfigReader.read(directory, Families.supported());
    WeightFiles files =
        Adapter.of(directory).applied(WeightFilesReader.read(directory).ofTextModel());
    boolean tied = Families.tied(config).orElse(false);
    String head = Families.recipe(config).names().head();
    return new ModelLoader(
        config,
        withoutPredictors(config, tied ? files.withoutMatrix(head) : files),
        Optional.empty());
  }

  /**
   * A loader of this process's part of the model, of which each process of the group has one. All
   * of them compute together: they must make the same calls in the same order. Where one ends in
   * the middle of a step, MLX may let the others wait for ever: whoever starts them must end them.
   *
   * @throws dev.hbar.model.checkpoint.CheckpointException naming what cannot be shared
   */
  public ModelLoader spreadOver(MlxGroup ranks) {
    if (ranks.size() == 1) {
      return this;
    }
    if (!files.adapter().paths().isEmpty()) {
      throw new CheckpointException(
          "an adapter cannot be spread over ranks, with %s: fuse it with hbar convert first"
              .formatted(config.file()));
    }
    TensorParallel parallel = new TensorParallel(config, ranks);
    parallel.part(Families.recipe(config));
    return new ModelLoader(config, files.shared(parallel.shares()), Optional.of(ranks));
  }

  private DecoderRecipe recipe(RopeReference reference) {
    DecoderRecipe whole = Families.recipe(config, reference);
    return group.map(ranks -> new TensorParallel(config, ranks).part(whole)).orElse(whole);
  }

  /** Without layers behind the last one, which predict further tokens. */
  private static WeightFiles withoutPredictors(ModelConfig config, WeightFiles files) {
    int more =
        config.fields().has("num_nextn_predict_layers")
            ? config.fields().integer("num_nextn_predict_layers")
            : 0;
    WeightFiles rest = files;
    for (int layer = config.layers(); layer < config.layers() + more; layer++) {
      rest = rest.without("model.layers." + layer);
    }
    return rest;
  }

  /** What config.json says. */
  public ModelConfig config() {
    return config;
  }

  /** The checkpoint's files and tensors; nothing of them is loaded yet. */
  public WeightFiles files() {
    return files;
  }

  /** The type that the checkpoint's activations were meant for. */
  public DType checkpointDtype() {
    return config.dtype().orElseGet(this::storedDtype);
  }

  /** Of the scales where there are some, else of any floating tensor. */
  private DType storedDtype() {
    return files.locations().values().stream()
        .map(location -> location.tensor().dtype())
        .filter(DType::isFloating)
        .findFirst()
        .orElse(DType.FLOAT32);
  }

  /** The compute policy for the current device; a given type replaces the policy's own. */
  public Compute compute(Optional<DType> dtype) {
    return compute(dtype, MemoryLimit.bytes());
  }

  /**
   * The same for a memory of so many bytes: where a CPU cannot hold all experts unpacked and leave
   * room for the rest, they stay packed.
   */
  Compute compute(Optional<DType> dtype, long memory) {
    Compute chosen = Compute.choose(Mlx.device(), checkpointDtype());
    Compute wanted = dtype.map(chosen::in).orElse(chosen);
    Compute lean = wanted.lean();
    return lean.equals(wanted) || plan(wanted, 1, 1, 1).total() <= memory * SHARE_OF_WEIGHTS
        ? wanted
        : lean;
  }

  /** Bytes that the model will take with this compute policy. */
  public MemoryPlan plan(Compute compute, int contextLength, int sequences, int prefillChunk) {
    WeightForm form = compute.weights();
    DType planned = form == WeightForm.PACKED ? compute.dtype() : DType.FLOAT32;
    return MemoryPlan.of(
        config,
        files,
        new MemoryPlan.Request(
            contextLength,
            sequences,
            prefillChunk,
            planned,
            form,
            recipe(RopeReference.TRANSFORMERS).states(planned)));
  }

  /**
   * Loads the weights and builds the model. Owner thread.
   *
   * @throws dev.hbar.mlx.MlxUnavailableException if MLX does not pass its self-test
   * @throws dev.hbar.model.checkpoint.CheckpointException if a weight is missing, left over or of
   *     another shape
   */
  public CausalLm load(LoadOptions options) {
    SelfTest.requirePassed();
    MlxMemory.setCacheLimit(
        Mlx.device() == Device.GPU ? GPU_CACHE_LIMIT_BYTES : CPU_CACHE_LIMIT_BYTES);
    MlxScope model = MlxScope.open("model");
    boolean loaded = false;
    try {
      CausalLm lm = built(model, options);
      model.seal();
      MlxMemory.clearCache();
      loaded = true;
      return lm;
    } finally {
      if (!loaded) {
        model.close();
      }
    }
  }

  private CausalLm built(MlxScope model, LoadOptions options) {
    Compute compute = options.compute();
    try (WeightStore weights =
        new WeightStore(model, files, config, compute.weights(), compute.dtype())) {
      RopeReference reference = options.ropeReference();
      ModelConfig read = Families.read(config, reference);
      CausalLm lm = DecoderBuilder.build(model, read, recipe(reference), weights, options);
      weights.requireAllConsumed();
      return lm;
    }
  }

  /** Loads with the default policy for this device. Owner thread. */
  public CausalLm load() {
    return load(new LoadOptions(compute(Optional.empty()), MaskChoice.AUTO));
  }
}
