package dev.hbar.cli;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.HuggingFaceCache;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.OpenOptions;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.serve.HbarServer;
import dev.hbar.serve.ServeSettings;
import dev.hbar.serve.engine.ModelPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar serve}: models over HTTP, in the protocols of today's clients. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serve models over HTTP to clients of OpenAI's and Anthropic's APIs, and say how unsure "
          + "every token is.",
      "",
      "The page at / shows it; /openapi.json describes every path. Only this machine reaches the "
          + "server unless --host says otherwise, which needs --api-key-file.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar serve .hbar/models/SmolLM2-135M-Instruct-4bit --port 8080",
      "",
      "Ctrl-C ends it."
    })
final class ServeCommand implements Callable<Integer> {
  /** Time between two looks at whether a signal came. */
  private static final long SIGNAL_MILLIS = 50;

  private final Environment environment;

  @Parameters(
      paramLabel = "CHECKPOINT",
      arity = "0..*",
      description =
          "Folders, or ORG/NAME[@REVISION]. The first answers requests that name no model; others "
              + "are loaded when they are asked for. Without any: every model of the Hugging Face "
              + "cache.")
  private List<String> checkpoints = List.of();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Listen on this address (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "N",
      description = "Listen on this port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description =
          "Keys, one a line, of which every request must carry one; a file that only you can read.")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--parallel",
      defaultValue = "" + ServeSettings.RUNNING,
      paramLabel = "N",
      description = "Answer so many requests at once (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--queue",
      defaultValue = "" + ServeSettings.WAITING,
      paramLabel = "N",
      description =
          "Let so many more wait, and refuse others with 429 (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--idle-timeout",
      paramLabel = "SECONDS",
      description = "Close a model that nobody has asked for so long (default: never).")
  private Optional<Integer> idle = Optional.empty();

  @Option(
      names = "--pin",
      paramLabel = "NAME",
      description = "Never close this model once it is open; may be given several times.")
  private List<String> pinned = List.of();

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "Keep what prompts have computed in this private folder, so that conversations go on at "
              + "once after a restart.")
  private Optional<Path> cacheDir = Optional.empty();

  @Option(
      names = "--cache-mb",
      defaultValue = "4096",
      paramLabel = "N",
      description = "Let the files of --cache-dir take so many MiB (default: ${DEFAULT-VALUE}).")
  private int cacheMb;

  @Mixin private HaltOptions risk = new HaltOptions();

  ServeCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServeSettings settings = settings();
    try (Interrupts interrupts = Interrupts.install(environment.err());
        HbarServer server = open(settings)) {
      environment
          .out()
          .printf(
              "serving %s at http://%s:%s%n",
              String.join(", ", settings.checkpoints()), shown(host), server.port());
      if (environment.out().checkError()) {
        return ExitCodes.FAILED; // nobody would know its address; Main says why
      }
      while (!interrupts.requested()) {
        Thread.sleep(SIGNAL_MILLIS);
      }
      return interrupts.exitCode();
    }
  }

  private HbarServer open(ServeSettings settings) {
    try {
      return new HbarServer(settings, new Source());
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage());
    }
  }

  private List<String> offered() {
    if (!checkpoints.isEmpty()) {
      return checkpoints;
    }
    HuggingFaceCache cache = HuggingFaceCache.of(environment.variables());
    List<String> models = cache.models();
    if (models.isEmpty()) {
      throw new CommandException(
          "no model is in the cache " + cache.hub() + ": name a folder, or run hbar pull ORG/NAME");
    }
    return models;
  }

  private static String shown(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }

  private ServeSettings settings() {
    WrongUsage.refuse(
        risk.problem()
            .or(() -> outside("--port", port, 0, 65535))
            .or(() -> outside("--parallel", parallel, 1, 1024))
            .or(() -> outside("--queue", queue, 0, 100_000))
            .or(() -> outside("--cache-mb", cacheMb, 1, 1 << 30))
            .or(() -> idle.flatMap(seconds -> outside("--idle-timeout", seconds, 1, 1 << 30))));
    List<String> offered = offered();
    try {
      ServeSettings local = ServeSettings.local(port, offered);
      return new ServeSettings(
          host,
          port,
          offered,
          keyFile.map(ServeCommand::keys).orElse(Set.of()),
          parallel,
          queue,
          local.bodyBytes(),
          idle.map(Duration::ofSeconds),
          Set.copyOf(pinned),
          cacheDir.map(folder -> new ServeSettings.Prefixes(folder, (long) cacheMb << 20)));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage());
    }
  }

  private static Optional<String> outside(String name, int value, int least, int most) {
    return value >= least && value <= most
        ? Optional.empty()
        : Optional.of(name + " must be " + least + " to " + most + ": " + value);
  }

  /** Keys that others can read are none. */
  private static Set<String> keys(Path file) {
    try {
      Set<PosixFilePermission> others =
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE);
      others.retainAll(Files.getPosixFilePermissions(file));
      if (!others.isEmpty()) {
        throw new CommandException(file + " can be read by others: chmod 600 " + file);
      }
      Set<String> keys = new LinkedHashSet<>();
      for (String line : RegularFile.text(file, 1 << 20).lines().toList()) {
        if (!line.isBlank()) {
          keys.add(line.strip());
        }
      }
      if (keys.isEmpty()) {
        throw new CommandException(file + " holds no key: write one a line");
      }
      return keys;
    } catch (IOException e) {
      throw new CommandException(
          "cannot read the keys of %s (%s); name another file"
              .formatted(file, ErrorText.reason(e)));
    }
  }

  /** Models with the risk that the options give. */
  private final class Source implements ModelPool.Source {
    @Override
    public GenerationModel open(String checkpoint) {
      return CheckpointArgument.generating(
          checkpoint, OpenOptions.DEFAULT.withEnvironment(environment.variables()), environment);
    }

    @Override
    public HaltPolicy policy(GenerationModel model) {
      risk.check(model).ifPresent(notice -> environment.err().println("note: " + notice));
      return risk.policy();
    }
  }
}
