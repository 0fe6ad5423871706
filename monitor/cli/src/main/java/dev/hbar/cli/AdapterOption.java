package dev.hbar.cli;

import dev.hbar.model.checkpoint.CheckpointDirectory;
import java.util.Optional;
import picocli.CommandLine.Option;

/** An adapter on top of the checkpoint. */
final class AdapterOption {
  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = {
        "A LoRA or DoRA adapter on top, as mlx-lm or PEFT saved it: a folder, or ORG/NAME.",
        "CHECKPOINT::DIR says the same in one word."
      })
  private Optional<String> adapter = Optional.empty();

  /** What names the checkpoint with the adapter. */
  String on(String checkpoint) {
    return adapter
        .map(folder -> checkpoint + CheckpointDirectory.ADAPTER_MARK + folder)
        .orElse(checkpoint);
  }
}
