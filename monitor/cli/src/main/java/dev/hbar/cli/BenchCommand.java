package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.Benchmark;
import dev.hbar.monitor.generation.Benchmark.Monitor;
import dev.hbar.monitor.generation.Benchmark.Trial;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.OpenOptions;
import dev.hbar.monitor.generation.StepCost;
import dev.hbar.monitor.generation.StepCost.Spread;
import dev.hbar.study.report.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar bench}: how fast a checkpoint loads, reads and writes here. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure loading, prefill and decode of a checkpoint: a prompt of random ids, then so many "
          + "new tokens, several times.",
      "",
      "The names in --json are those of mlx-lm's benchmark; prompt_tps counts up to the first new "
          + "token. host_ms is what building a step costs on this side of MLX, nothing evaluated.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar bench .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --prompt-tokens 128 --new-tokens 16"
    })
final class BenchCommand implements Callable<Integer> {
  private static final double GIGA = 1e9;
  private static final int MOST_TRIALS = 10_000;

  private final Environment environment;
  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--prompt-tokens",
      defaultValue = "512",
      paramLabel = "N",
      description = "Ids of the prompt (default: ${DEFAULT-VALUE}).")
  private int promptTokens;

  @Option(
      names = "--new-tokens",
      defaultValue = "128",
      paramLabel = "N",
      description = "New tokens (default: ${DEFAULT-VALUE}).")
  private int newTokens;

  @Option(
      names = "--trials",
      defaultValue = "5",
      paramLabel = "N",
      description = "Measure so often, after one run to warm up (default: ${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--monitor",
      paramLabel = "off|final|full",
      description =
          "Measure nothing of the tokens, PRI from the last block, or every cheap signal (default: "
              + "off; final with --detector), and what that adds to decoding, as for --detector.")
  private Optional<Level> level = Optional.empty();

  @Option(
      names = "--detector",
      paramLabel = "DIR",
      description =
          "Also measure what this detector adds to decoding: with and without it in turn, as often as "
              + "--trials says; the ratio is the median [95 %% interval, of few trials least and most].")
  private Optional<Path> detector = Optional.empty();

  @Mixin private final Output output;

  /** What {@code --monitor} can name. */
  enum Level {
    OFF(Monitor.OFF),
    FINAL(Monitor.FINAL),
    FULL(Monitor.FULL);

    private final Monitor monitor;

    Level(Monitor monitor) {
      this.monitor = monitor;
    }

    @Override
    public String toString() {
      return monitor.id();
    }
  }

  BenchCommand(Environment environment) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    if (trials < 1 || trials > MOST_TRIALS) {
      throw new WrongUsage(
          trials < 1
              ? "--trials must be at least 1: " + trials
              : "--trials must be at most " + MOST_TRIALS + ": " + trials);
    }
    Benchmark benchmark = benchmark();
    Optional<Detector> asked = detector.map(Detector::read);
    OpenOptions options = OpenOptions.DEFAULT.withEnvironment(environment.variables());
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        GenerationModel model =
            CheckpointArgument.generating(checkpoint.name(), options, environment)) {
      asked.ifPresent(read -> read.requireFits(model.sha256(), model.config().hiddenSize()));
      tell("%s on %s".formatted(model.name(), model.compute()));
      double load = benchmark.load(model);
      benchmark.run(model);
      List<Trial> measured = new ArrayList<>();
      while (measured.size() < trials) {
        measured.add(benchmark.run(model));
        tell("trial %s of %s: %s".formatted(measured.size(), trials, line(measured.getLast())));
      }
      Map<String, List<Double>> costs = new LinkedHashMap<>();
      if (benchmark.monitor() != Monitor.OFF) {
        costs.put("signals", costs("signals", () -> StepCost.ofSignals(model, benchmark)));
      }
      asked.ifPresent(
          read ->
              costs.put(
                  "detector",
                  costs("detector", () -> StepCost.ofDetector(model, benchmark, read))));
      double host = benchmark.hostMillis(model);
      Result result = new Result(model, benchmark, load, measured, costs, host);
      output.print(() -> result.json().toPrettyString(), result::text);
      return interrupts.exitCode();
    }
  }

  private List<Double> costs(String of, DoubleSupplier ratio) {
    List<Double> costs = new ArrayList<>();
    while (costs.size() < trials) {
      costs.add(ratio.getAsDouble());
      tell("%s, trial %s of %s: %s".formatted(of, costs.size(), trials, line(costs)));
    }
    return costs;
  }

  private static String line(List<Double> costs) {
    Spread spread = Spread.of(costs);
    return "decoding takes %s [%s, %s] times the time without"
        .formatted(rounded(spread.median()), rounded(spread.low()), rounded(spread.high()));
  }

  private Benchmark benchmark() {
    Level measuring = level.orElse(detector.isPresent() ? Level.FINAL : Level.OFF);
    if (detector.isPresent() && measuring == Level.OFF) {
      throw new WrongUsage("--detector is asked beside signals: give --monitor final or full");
    }
    try {
      return new Benchmark(promptTokens, newTokens, measuring.monitor);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage("--" + e.getMessage());
    }
  }

  private void tell(String line) {
    environment.err().println(line);
    environment.err().flush();
  }

  private String line(Trial trial) {
    return "prompt %s tokens/s, decode %s tokens/s, peak %s GB"
        .formatted(
            rounded(promptTokens / trial.promptSeconds()),
            rounded((newTokens - 1) / trial.decodeSeconds()),
            rounded(trial.peakBytes() / GIGA));
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }

  /** All that was measured. */
  private record Result(
      GenerationModel model,
      Benchmark benchmark,
      double load,
      List<Trial> trials,
      Map<String, List<Double>> costs,
      double hostMs) {
    private double promptRate(Trial trial) {
      return benchmark.promptTokens() / trial.promptSeconds();
    }

    private double decodeRate(Trial trial) {
      return (benchmark.newTokens() - 1) / trial.decodeSeconds();
    }

    private double mean(ToDoubleFunction<Trial> of) {
      return trials.stream().mapToDouble(of).average().orElseThrow();
    }

    private double least(ToDoubleFunction<Trial> of) {
      return trials.stream().mapToDouble(of).min().orElseThrow();
    }

    private double most(ToDoubleFunction<Trial> of) {
      return trials.stream().mapToDouble(of).max().orElseThrow();
    }

    private double peak() {
      return most(Trial::peakBytes) / GIGA;
    }

    private ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("model", model.name()).put("compute", model.compute());
      json.put("monitor", benchmark.monitor().id());
      json.put("prompt_tokens", benchmark.promptTokens());
      json.put("prompt_tps", mean(this::promptRate));
      json.put("generation_tokens", benchmark.newTokens());
      json.put("generation_tps", mean(this::decodeRate));
      json.put("peak_memory", peak()).put("load_seconds", load).put("host_ms", hostMs);
      costs.forEach(
          (of, ratios) -> {
            Spread spread = Spread.of(ratios);
            json.putObject(of)
                .put("time_ratio", spread.median())
                .put("low", spread.low())
                .put("high", spread.high());
          });
      ArrayNode all = json.putArray("trials");
      for (Trial trial : trials) {
        all.addObject()
            .put("prompt_tps", promptRate(trial))
            .put("generation_tps", decodeRate(trial))
            .put("peak_memory", trial.peakBytes() / GIGA)
            .put("total_time", trial.promptSeconds() + trial.decodeSeconds());
      }
      return json;
    }

    private String text() {
      TextTable table = new TextTable();
      table.add("", "mean", "least", "most");
      rate(table, "prefill, tokens/s", this::promptRate);
      rate(table, "decode, tokens/s", this::decodeRate);
      return "%s on %s, %s prompt tokens, %s new ones, monitor %s, %s trials%n%s"
              .formatted(
                  model.name(),
                  model.compute(),
                  benchmark.promptTokens(),
                  benchmark.newTokens(),
                  benchmark.monitor().id(),
                  trials.size(),
                  table.render())
          + "load %s s, peak memory %s GB, host time of a step %s ms%n"
              .formatted(rounded(load), rounded(peak()), rounded(hostMs))
          + costs.entrySet().stream()
              .map(cost -> "%s: %s%n".formatted(cost.getKey(), line(cost.getValue())))
              .collect(Collectors.joining());
    }

    private void rate(TextTable table, String name, ToDoubleFunction<Trial> of) {
      table.add(name, rounded(mean(of)), rounded(least(of)), rounded(most(of)));
    }
  }
}
