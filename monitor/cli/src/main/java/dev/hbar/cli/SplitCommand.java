package dev.hbar.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hbar split}: which samples a protocol draws, in their order. */
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    description = "Print the samples of one side of the split: id TAB label per line, in order.",
    footer = {
      "",
      "Example: the published study's 500",
      "  hbar split --data .hbar/data/halueval --protocol study-2026-01 --set test --n 500"
    })
final class SplitCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the qa, dialogue and summarization files.")
  private Path data = Path.of("");

  @Mixin private DrawOptions draw = new DrawOptions();

  @Option(names = "--json", description = "Print JSON: [{\"id\", \"label\"}].")
  private boolean json;

  @Override
  public Integer call() {
    WrongUsage.refuse(spec, draw.problem());
    print(draw.draw(HaluEvalFolder.open(data)).samples());
    return ExitCodes.OK;
  }

  private void print(List<Draw.Pick> samples) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ArrayNode rows = JSON.createArrayNode();
      samples.forEach(
          sample -> rows.addObject().put("id", sample.id()).put("label", sample.label()));
      out.println(rows.toPrettyString());
    } else {
      samples.forEach(sample -> out.print(sample.id() + "\t" + sample.label() + "\n"));
    }
    out.flush();
  }
}
