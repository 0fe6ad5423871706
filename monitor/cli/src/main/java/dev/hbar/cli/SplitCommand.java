package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.hbar.model.io.Json;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar split}: which samples a protocol draws, in their order. */
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    description = "Print the samples of one side of the split: id TAB label per line, in order.",
    footer = {
      "",
      "Example: the published study's 500",
      "  hbar split --data .hbar/data/halueval --protocol study-2026-01 \\",
      "    --set test --n 500"
    })
final class SplitCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the qa, dialogue and summarization files.")
  private Path data = Path.of("");

  @Mixin private SampleOptions.Drawing draw = new SampleOptions.Drawing();

  @Mixin private final Output output;

  SplitCommand(Environment environment) {
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(draw.problem());
    List<Draw.Pick> samples = draw.draw(HaluEvalFolder.open(data)).samples();
    output.print(() -> json(samples), () -> lines(samples));
    return ExitCodes.OK;
  }

  /** [{"id", "label"}]. */
  private static String json(List<Draw.Pick> samples) {
    ArrayNode rows = Json.MAPPER.createArrayNode();
    samples.forEach(sample -> rows.addObject().put("id", sample.id()).put("label", sample.label()));
    return rows.toPrettyString();
  }

  private static String lines(List<Draw.Pick> samples) {
    return samples.stream()
        .map(sample -> sample.id() + "\t" + sample.label() + "\n")
        .collect(Collectors.joining());
  }
}
