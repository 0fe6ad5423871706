package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.HuggingFaceName;
import dev.hbar.model.hub.FileSelection;
import dev.hbar.model.hub.HubSettings;
import dev.hbar.model.hub.PullResult;
import dev.hbar.model.hub.PullWatch;
import dev.hbar.model.hub.PulledFile;
import dev.hbar.model.hub.Puller;
import dev.hbar.model.io.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar pull}: a model from the Hugging Face hub into its cache. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch a model from the Hugging Face hub into the cache that all its tools share.",
      "",
      "Files that are there already are kept; an interrupted pull resumes where it stopped. Sizes and hashes "
          + "are checked. HF_HUB_CACHE, HF_HOME, HF_ENDPOINT, HF_TOKEN and the token file mean "
          + "what they mean to huggingface_hub.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar pull HuggingFaceTB/SmolLM2-135M-Instruct",
      "  hbar pull ORG/NAME@REVISION --include '*.gguf'"
    })
final class PullCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      paramLabel = "ORG/NAME[@REVISION]",
      description = "The model; the revision is a branch, tag or commit, main by default.")
  private String model = "";

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Fetch these files too. By default: config, weights (safetensors), tokenizer and chat template.")
  private List<String> include = new ArrayList<>();

  @Mixin private final Output output;

  PullCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    HuggingFaceName name =
        HuggingFaceName.parse(model)
            .orElseThrow(
                () -> new WrongUsage("no model of the form ORG/NAME[@REVISION]: " + model));
    HubSettings settings = HubSettings.of(environment.variables());
    FileSelection selection = new FileSelection(include);
    try (Interrupts interrupts = Interrupts.install(environment.err())) {
      PullResult result = pull(name, settings, selection, interrupts);
      if (!result.complete()) {
        environment.err().println("hbar: interrupted; the same command resumes where it stopped");
        return interrupts.exitCode();
      }
      Report report = new Report(name, result);
      output.print(report::json, report::text);
      return ExitCodes.OK;
    }
  }

  private PullResult pull(
      HuggingFaceName name, HubSettings settings, FileSelection selection, Interrupts interrupts) {
    try (Shown progress = new Shown(name.toString(), environment, interrupts)) {
      return Puller.pull(name, settings, selection, progress);
    }
  }

  /**
   * What a pull brought.
   *
   * @param name the model and its revision
   * @param result a complete one
   */
  record Report(HuggingFaceName name, PullResult result) {
    /** One line. */
    String text() {
      return "%s@%s is in %s (%s files, %s bytes, %s received)"
          .formatted(
              name,
              name.revision(),
              result.snapshot(),
              result.files().size(),
              result.bytes(),
              result.received());
    }

    /** An object with the snapshot's folder and every file. */
    String json() {
      ObjectNode root = Json.MAPPER.createObjectNode();
      root.put("model", name.toString());
      root.put("revision", name.revision());
      root.put("commit", result.commit());
      root.put("snapshot", result.snapshot().toString());
      root.put("bytes", result.bytes());
      root.put("received_bytes", result.received());
      ArrayNode files = root.putArray("files");
      for (PulledFile file : result.files()) {
        files
            .addObject()
            .put("path", file.path())
            .put("bytes", file.bytes())
            .put("received_bytes", file.received());
      }
      return root.toPrettyString();
    }
  }

  /**
   * Shows a pull in megabytes, a small one in kilobytes, and each file in a line of its own where
   * stderr is no terminal.
   */
  static final class Shown implements PullWatch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shown.class);
    private static final long KILOBYTE = 1000;
    private static final long MEGABYTE = 1_000_000;

    private final String model;
    private final Environment environment;
    private final PrintWriter err;
    private final Interrupts interrupts;
    private Optional<Progress> shown = Optional.empty();
    private long unit = MEGABYTE;
    private long last = -1;

    Shown(String model, Environment environment, Interrupts interrupts) {
      this.model = model;
      this.environment = environment;
      this.err = environment.err();
      this.interrupts = interrupts;
    }

    @Override
    public boolean stopRequested() {
      return interrupts.requested();
    }

    @Override
    public void waiting() {
      err.println("pull: another pull of " + model + " is going on, waiting for its end");
    }

    @Override
    public void listed(int files, long presentBytes, long totalBytes) {
      err.printf(
          Locale.ROOT,
          "pull: %s, %s files, %s%s%n",
          model,
          files,
          size(totalBytes),
          presentBytes == 0 ? "" : ", of which " + size(presentBytes) + " are here");
      if (presentBytes < totalBytes) {
        unit = totalBytes < 10 * MEGABYTE ? KILOBYTE : MEGABYTE;
        shown =
            Optional.of(
                Progress.open(
                    environment,
                    "pull",
                    unit == MEGABYTE ? "MB" : "kB",
                    presentBytes / unit,
                    totalBytes / unit));
      }
    }

    @Override
    public void advanced(long presentBytes) {
      long units = presentBytes / unit;
      if (units != last) {
        last = units;
        shown.ifPresent(progress -> progress.update(units, ""));
      }
    }

    @Override
    public void finished(PulledFile file) {
      LOG.debug("{}: {} bytes, {} received", file.path(), file.bytes(), file.received());
      if (!environment.terminal().err() && file.received() > 0) {
        err.printf("pull: %s (%s) is complete%n", file.path(), size(file.bytes()));
      }
    }

    @Override
    public void retrying(String reason, long seconds) {
      LOG.info("{}: trying again in {} s", reason, seconds);
      if (!environment.terminal().err()) {
        err.printf("pull: %s, trying again in %s s%n", reason, seconds);
      }
    }

    @Override
    public void close() {
      shown.ifPresent(Progress::close);
      shown = Optional.empty();
    }

    private static String size(long bytes) {
      if (bytes < 1000) {
        return bytes + " bytes";
      }
      String[] units = {"kB", "MB", "GB", "TB"};
      double value = bytes / 1000.0;
      int unit = 0;
      while (value >= 999.95 && unit < units.length - 1) {
        value /= 1000;
        unit++;
      }
      return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
  }
}
