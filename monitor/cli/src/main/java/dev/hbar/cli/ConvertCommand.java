package dev.hbar.cli;

import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.convert.ConvertProgress;
import dev.hbar.model.convert.ConvertResult;
import dev.hbar.model.convert.ConvertSettings;
import dev.hbar.model.convert.FolderConverter;
import dev.hbar.model.convert.GgufConverter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code hbar convert}: a GGUF file or a checkpoint folder becomes an MLX checkpoint folder. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Convert a GGUF file or a checkpoint folder to an MLX checkpoint folder.",
      "GGUF: weights keep their values bit for bit, K-quants too; the tokenizer comes along.",
      "Folder: safetensors as published on Hugging Face, packed or float, are packed anew or made float."
    },
    footer = {
      "",
      "Example:",
      "  hbar convert SmolLM2-135M-Instruct.Q4_1.gguf --out SmolLM2-135M-Instruct-4bit",
      "  hbar convert SmolLM2-135M-Instruct --bits 4 --out SmolLM2-135M-Instruct-4bit"
    })
final class ConvertCommand implements Callable<Integer> {
  private static final long BYTES_PER_UNIT = 1_000_000;

  private final Environment environment;

  @Parameters(
      paramLabel = "SOURCE",
      description = "A GGUF file, a checkpoint folder, or ORG/NAME[@REVISION].")
  private String source = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; an existing one is kept if it is of the same source.")
  private Path out = Path.of("");

  @Mixin private CheckpointArgument.Adapter adapter = new CheckpointArgument.Adapter();

  @Mixin private Packing packing = new Packing();

  ConvertCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    ConvertSettings settings = packing.settings();
    try (Interrupts interrupts = Interrupts.install(environment.err());
        StepProgress progress = new StepProgress(interrupts)) {
      ConvertResult result = convert(settings, progress::advanced);
      PrintWriter print = environment.out();
      print.printf(
          "%s %s (source sha256 %s)%n",
          result.folder(), result.upToDate() ? "is up to date" : "written", result.sourceSha256());
      return ExitCodes.OK;
    } catch (Stopped stopped) {
      return stopped.exitCode;
    }
  }

  private ConvertResult convert(ConvertSettings settings, Consumer<ConvertProgress> progress)
      throws Exception {
    Path file = Path.of(source);
    if (!Files.isRegularFile(file)) {
      CheckpointDirectory folder = CheckpointArgument.directory(adapter.on(source), environment);
      return MlxThread.call(() -> FolderConverter.convert(folder, out, settings, progress));
    }
    if (!packing.areDefaults()) {
      throw new WrongUsage(
          "a GGUF file keeps its own numbers: convert it without --bits, --group-size, --mode and --dtype, then convert the folder that is made with them");
    }
    return GgufConverter.convert(file, out, progress);
  }

  /** Ends a conversion between two pieces of work, so that it clears away what it has made. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    Stopped(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /** One progress display for the hashing, one for all tensors, in megabytes. */
  private final class StepProgress implements AutoCloseable {
    private final Interrupts interrupts;
    private String phase = "";
    private Progress shown;
    private long last;

    StepProgress(Interrupts interrupts) {
      this.interrupts = interrupts;
    }

    void advanced(ConvertProgress at) {
      if (interrupts.requested()) {
        throw new Stopped(interrupts.exitCode());
      }
      String current = at.step().startsWith("hashing") ? "hash" : "convert";
      if (!current.equals(phase)) {
        close();
        phase = current;
        long total = Math.max(1, at.total() / BYTES_PER_UNIT);
        shown = Progress.open(environment, phase, "MB", 0, total);
      }
      long megabytes = at.done() / BYTES_PER_UNIT;
      if (megabytes != last) {
        last = megabytes;
        shown.update(megabytes, "");
      }
    }

    @Override
    public void close() {
      if (shown != null) {
        shown.close();
      }
    }
  }

  /** How {@code convert} packs matrices; without any of these they are float. */
  static final class Packing {

    @Option(
        names = "--bits",
        paramLabel = "N",
        description = "Bits per weight: 2, 3, 4, 5, 6 or 8 (default with --mode affine: 4).")
    private Optional<Integer> bits = Optional.empty();

    @Option(
        names = "--group-size",
        paramLabel = "N",
        description = "Weights that share a scale: 32, 64 or 128 (default with --mode affine: 64).")
    private Optional<Integer> groupSize = Optional.empty();

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        description = "affine, mxfp4, mxfp8 or nvfp4 (default: affine).")
    private Optional<QuantizationMode> mode = Optional.empty();

    @Option(
        names = "--dtype",
        defaultValue = "auto",
        paramLabel = "TYPE",
        description = "Type of scales and of what is not packed: ${COMPLETION-CANDIDATES}.")
    private CheckpointArgument.Activations dtype = CheckpointArgument.Activations.AUTO;

    /** True when nothing was asked for. */
    boolean areDefaults() {
      return bits.isEmpty() && groupSize.isEmpty() && mode.isEmpty() && dtype.dtype().isEmpty();
    }

    /**
     * The settings of the conversion.
     *
     * @throws ParameterException for numbers that the mode does not have
     */
    ConvertSettings settings() {
      boolean packed = bits.isPresent() || groupSize.isPresent() || mode.isPresent();
      return new ConvertSettings(
          packed ? Optional.of(quantization()) : Optional.empty(),
          dtype.dtype(),
          ConvertSettings.SHARD_BYTES);
    }

    private Quantization quantization() {
      QuantizationMode chosen = mode.orElse(QuantizationMode.AFFINE);
      int chosenBits = bits.orElse(chosen.defaultBits());
      int chosenGroup = groupSize.orElse(chosen.defaultGroupSize());
      requireOneOf("--bits", chosenBits, chosen.bits(), chosen);
      requireOneOf("--group-size", chosenGroup, chosen.groupSizes(), chosen);
      return new Quantization(chosenGroup, chosenBits, chosen);
    }

    private void requireOneOf(
        String option, int value, List<Integer> allowed, QuantizationMode chosen) {
      if (!allowed.contains(value)) {
        throw new WrongUsage(
            "%s must be one of %s for --mode %s, found %s"
                .formatted(option, allowed, chosen.mlxName(), value));
      }
    }
  }
}
