package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.hbar.model.checkpoint.HuggingFaceName;
import dev.hbar.model.hub.FileSelection;
import dev.hbar.model.hub.HubSettings;
import dev.hbar.model.hub.PullResult;
import dev.hbar.model.hub.Puller;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar pull}: a model from the Hugging Face hub into its cache. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch a model from the Hugging Face hub into the cache that all its tools share.",
      "What is there already stays; an interrupted pull goes on where it was. Sizes and hashes are checked.",
      "HF_HUB_CACHE, HF_HOME, HF_ENDPOINT, HF_TOKEN and the token file mean what they mean to huggingface_hub."
    },
    footer = {
      "",
      "Example:",
      "  hbar pull HuggingFaceTB/SmolLM2-135M-Instruct",
      "  hbar pull ORG/NAME@REVISION --include '*.gguf'"
    })
final class PullCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();

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

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  PullCommand(Map<String, String> environment, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    HuggingFaceName name =
        HuggingFaceName.parse(model)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "no model of the form ORG/NAME[@REVISION]: " + model));
    HubSettings settings = HubSettings.of(environment);
    FileSelection selection = new FileSelection(include);
    try (Interrupts interrupts = Interrupts.install(System.err)) {
      PullResult result = pull(name, settings, selection, interrupts);
      if (!result.complete()) {
        spec.commandLine()
            .getErr()
            .println("hbar: interrupted; the same command goes on where it was");
        return interrupts.exitCode();
      }
      PullReport report = new PullReport(name, result);
      spec.commandLine().getOut().println(json ? report.json() : report.text());
      return ExitCodes.OK;
    }
  }

  private PullResult pull(
      HuggingFaceName name, HubSettings settings, FileSelection selection, Interrupts interrupts) {
    PrintWriter err = spec.commandLine().getErr();
    try (PullProgress progress = new PullProgress(name.toString(), terminal, err, interrupts)) {
      return Puller.pull(name, settings, selection, progress);
    }
  }
}
