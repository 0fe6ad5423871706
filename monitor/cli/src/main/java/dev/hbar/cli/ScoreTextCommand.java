package dev.hbar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.report.TextTable;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.states.GivenModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar score-text}: what a model says about one given answer. */
@Command(
    name = "score-text",
    mixinStandardHelpOptions = true,
    description = {
      "Score a given answer token by token, in one prefill.",
      "",
      "Prints log-probability, rank, entropy, hbar_s and PRI of each token, and the same of the "
          + "answer without its context (after the prompt's last line alone).",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar score-text .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --prompt 'Question: What is the capital of France?",
      "  Answer: ' --answer Paris"
    })
final class ScoreTextCommand implements Callable<Integer> {
  private static final int MOST_BYTES = 1 << 25;
  private static final String JOINED =
      "the tokenizer joins the end of the prompt and the start of the answer, so the first scored"
          + " token begins in the prompt; end the prompt with a whole word to keep them apart";

  private final Environment environment;
  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "What stands before the answer, as it is.")
  private String prompt = "";

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "Put the text of this file before --prompt.")
  private Path promptFile = Path.of("");

  @Option(
      names = "--answer",
      required = true,
      paramLabel = "TEXT",
      description = "The answer to score.")
  private String answer = "";

  @Mixin private final Output output;

  ScoreTextCommand(Environment environment) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    String before = fileText() + prompt;
    Sample sample = new Sample("text", 0, before + answer, answer, before.length());
    try (GivenModel model =
        GivenModel.open(checkpoint.name(), environment.variables(), rope.reference)) {
      CheckpointArgument.tell(environment, model.note());
      GivenModel.Score score = score(model, sample);
      if (model.tokenizer().encode(before).length > score.promptTokens()) {
        CheckpointArgument.tell(environment, Optional.of(JOINED));
      }
      output.print(() -> json(model, score), () -> table(model, score));
    }
    return ExitCodes.OK;
  }

  private static GivenModel.Score score(GivenModel model, Sample sample) {
    try {
      return model.score(sample, Signal.ALPHA);
    } catch (IllegalArgumentException misfit) {
      throw new CommandException("--prompt and --answer: " + misfit.getMessage());
    }
  }

  private String fileText() {
    try {
      return promptFile.toString().isEmpty() ? "" : RegularFile.text(promptFile, MOST_BYTES);
    } catch (IOException e) {
      throw new CommandException(
          "the prompt file %s cannot be read (%s); name another"
              .formatted(promptFile, ErrorText.reason(e)));
    }
  }

  private static String json(GivenModel model, GivenModel.Score score) {
    ObjectNode root = (ObjectNode) ResultFile.tree(Map.of("checkpoint", model.name()));
    root.put("prompt_tokens", score.promptTokens()).put("answer_tokens", score.tokens().size());
    ObjectNode answer = root.putObject("answer");
    score.aggregates().forEach(answer::put);
    ArrayNode tokens = root.putArray("tokens");
    for (GivenModel.Score.Token token : score.tokens()) {
      JsonNode signals = ResultFile.tree(token.signals());
      ObjectNode row = tokens.addObject();
      row.put("text", text(model, token));
      row.put("logprob", token.logprob()).put("rank", token.rank());
      signals.properties().forEach(signal -> row.set(signal.getKey(), signal.getValue()));
    }
    return root.toPrettyString() + "\n";
  }

  private static String table(GivenModel model, GivenModel.Score score) {
    TextTable table = new TextTable();
    table.add(
        "token", "logprob", "rank", DistributionSignals.ENTROPY.id(), Signal.HBAR.id(), "PRI");
    for (GivenModel.Score.Token token : score.tokens()) {
      table.add(
          text(model, token).replace("\n", "\\n"),
          number(token.logprob()),
          Integer.toString(token.rank()),
          number(token.signals().get(DistributionSignals.ENTROPY)),
          number(token.signals().hbar()),
          number(token.signals().pri()));
    }
    StringBuilder text = new StringBuilder(table.render()).append('\n');
    score.aggregates().forEach((name, value) -> text.append(name + " " + number(value) + "\n"));
    return text.toString();
  }

  private static String text(GivenModel model, GivenModel.Score.Token token) {
    return model.tokenizer().decode(new int[] {token.signals().token()}, false);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
