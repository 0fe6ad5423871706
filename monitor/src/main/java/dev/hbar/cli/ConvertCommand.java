package dev.hbar.cli;

import dev.hbar.convert.ConvertProgress;
import dev.hbar.convert.ConvertResult;
import dev.hbar.convert.GgufConverter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar convert}: a GGUF file becomes an MLX checkpoint folder. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Convert a GGUF file to an MLX checkpoint folder.",
      "Q4_0, Q4_1, Q8_0, F16 and F32 weights keep their values bit for bit; the tokenizer comes along."
    },
    footer = {
      "",
      "Example:",
      "  hbar convert SmolLM2-135M-Instruct.Q4_1.gguf --out SmolLM2-135M-Instruct-4bit"
    })
final class ConvertCommand implements Callable<Integer> {
  private static final long BYTES_PER_UNIT = 1_000_000;

  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SOURCE", description = "A GGUF file.")
  private Path source = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; an existing one is kept if it is of the same source.")
  private Path out = Path.of("");

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ConvertResult result;
    try (StepProgress progress = new StepProgress()) {
      result = GgufConverter.convert(source, out, progress::advanced);
    }
    PrintWriter print = spec.commandLine().getOut();
    print.printf(
        "%s %s (source sha256 %s)%n",
        result.folder(), result.upToDate() ? "is up to date" : "written", result.sourceSha256());
    return ExitCodes.OK;
  }

  /** One progress display for the hashing, one for all tensors, in megabytes. */
  private final class StepProgress implements AutoCloseable {
    private String phase = "";
    private Progress shown;
    private long last;

    void advanced(ConvertProgress at) {
      String current = at.step().startsWith("hashing") ? "hash" : "convert";
      if (!current.equals(phase)) {
        close();
        phase = current;
        long total = Math.max(1, at.total() / BYTES_PER_UNIT);
        shown = Progress.open(terminal, System.err, phase, "MB", 0, total);
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
}
