package dev.hbar.cli;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.OpenOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The checkpoint that a command works on, and how every command opens one. */
final class CheckpointArgument {
  private final Environment environment;

  @Mixin private Adapter adapter = new Adapter();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String name = "";

  CheckpointArgument(Environment environment) {
    this.environment = environment;
  }

  /** As it was given, with the adapter if there is one. */
  String name() {
    return adapter.on(name);
  }

  /** Finds it and reads its config and the headers of its weights. */
  Opened open() {
    return Opened.of(directory(name(), environment), environment);
  }

  /**
   * The folder that an argument names.
   *
   * @throws dev.hbar.model.checkpoint.CheckpointException if there is none
   */
  static CheckpointDirectory directory(String argument, Environment environment) {
    return CheckpointDirectory.resolve(argument, environment.variables());
  }

  /** Opens a model for monitored text and tells what is odd about its folder. */
  static GenerationModel generating(String name, OpenOptions options, Environment environment) {
    GenerationModel model = GenerationModel.open(name, options);
    tell(environment, model.note());
    return model;
  }

  /** Tells what is odd about a folder. */
  static void tell(Environment environment, Optional<String> note) {
    note.ifPresent(words -> environment.err().println("note: " + words));
  }

  /** Tells which model a command is about to use, and what is odd about its folder. */
  static void announce(
      Environment environment, Optional<String> note, String name, String compute, Object plan) {
    tell(environment, note);
    environment.err().printf("model %s (%s), memory plan %s%n", name, compute, plan);
    environment.err().flush();
  }

  /** A checkpoint whose weights are not loaded yet. */
  record Opened(CheckpointDirectory directory, ModelLoader loader, Environment environment) {
    static Opened of(CheckpointDirectory directory, Environment environment) {
      return new Opened(directory, ModelLoader.of(directory), environment);
    }

    Compute compute(Activations activations) {
      return loader.compute(activations.dtype());
    }

    /**
     * Plans the memory and tells what is about to be loaded.
     *
     * @param context tokens of the longest sequence
     * @param pass tokens that go through the model at once, if more than usual
     * @throws dev.hbar.model.checkpoint.CheckpointException if it does not fit
     */
    void plan(LoadOptions options, int context, int pass) {
      MemoryPlan plan = loader.plan(options.compute(), context, 1, Math.max(pass, Prefill.CHUNK));
      plan.requireWithin(MemoryLimit.bytes());
      announce(environment, loader.files().note(), directory.name(), options.words(), plan);
    }

    /** Loads the model, uses it on its thread and closes it. */
    <T> T use(LoadOptions options, Function<CausalLm, T> work) throws Exception {
      return MlxThread.call(
          () -> {
            try (CausalLm model = loader.load(options)) {
              return work.apply(model);
            }
          });
    }

    /** The ids, if there are some and the model knows them all. */
    int[] known(int[] tokens) {
      int vocabulary = loader.config().vocabSize();
      if (tokens.length == 0) {
        throw new CommandException("the prompt has no tokens; give at least one");
      }
      for (int token : tokens) {
        if (token < 0 || token >= vocabulary) {
          throw new CommandException(
              "token id %s is outside the vocabulary of %s, in %s; give ids from 0 to %s"
                  .formatted(token, vocabulary, directory.name(), vocabulary - 1));
        }
      }
      return tokens;
    }
  }

  /** Whose definition a model computes by, where two implementations differ. */
  static final class Rope {
    @Option(
        names = {"--reference", "--rope-reference"},
        defaultValue = "transformers",
        paramLabel = "IMPLEMENTATION",
        description =
            "Whose definition to follow where two implementations differ: ${COMPLETION-CANDIDATES} "
                + "(default: ${DEFAULT-VALUE}). mlx-lm uses longrope's long factors at every "
                + "length, ignores the windows of some families, as the study did, and splits "
                + "leading spaces of some prompts otherwise.")
    RopeReference reference = RopeReference.TRANSFORMERS;
  }

  /** What the activations are computed in. */
  static final class Computed {
    @Option(
        names = "--dtype",
        defaultValue = "auto",
        paramLabel = "TYPE",
        description =
            "Type of the activations: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Activations dtype = Activations.AUTO;
  }

  /** What {@code --dtype} may say of activations; auto leaves the choice to the compute policy. */
  enum Activations {
    AUTO(Optional.empty()),
    FLOAT32(Optional.of(DType.FLOAT32)),
    FLOAT16(Optional.of(DType.FLOAT16)),
    BFLOAT16(Optional.of(DType.BFLOAT16));

    private final Optional<DType> dtype;

    Activations(Optional<DType> dtype) {
      this.dtype = dtype;
    }

    /** Empty for auto. */
    Optional<DType> dtype() {
      return dtype;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An adapter on top of the checkpoint. */
  static final class Adapter {
    @Option(
        names = "--adapter",
        paramLabel = "DIR",
        description =
            "A LoRA or DoRA adapter on top, as mlx-lm or PEFT saved it: a folder, or ORG/NAME. "
                + "CHECKPOINT::DIR says the same in one word.")
    private Optional<String> adapter = Optional.empty();

    /** What names the checkpoint with the adapter. */
    String on(String checkpoint) {
      return adapter
          .map(folder -> checkpoint + CheckpointDirectory.ADAPTER_MARK + folder)
          .orElse(checkpoint);
    }
  }
}
