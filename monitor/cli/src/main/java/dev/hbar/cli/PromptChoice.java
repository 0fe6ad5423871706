package dev.hbar.cli;

import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A prompt as text or as ids, one of the two. */
final class PromptChoice {
  @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt as text.")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--prompt-ids",
      paramLabel = "ID",
      split = ",",
      description = "The prompt as token ids; then the folder needs no tokenizer.")
  private List<Integer> ids = List.of();

  /**
   * The prompt as ids.
   *
   * @param vocabulary number of ids that the model knows
   * @throws CommandException if there are none, or one that the model does not know
   */
  int[] tokens(CheckpointDirectory directory, int vocabulary) {
    return known(
        text.map(prompt -> encode(directory, prompt)).orElseGet(this::given),
        directory,
        vocabulary);
  }

  /** The ids, when there are some and the model knows them all. */
  static int[] known(int[] tokens, CheckpointDirectory directory, int vocabulary) {
    if (tokens.length == 0) {
      throw new CommandException("the prompt has no tokens; give at least one");
    }
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new CommandException(
            "token id %s is outside the vocabulary of %s, in %s; give ids from 0 to %s"
                .formatted(token, vocabulary, directory.name(), vocabulary - 1));
      }
    }
    return tokens;
  }

  private int[] given() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] encode(CheckpointDirectory directory, String prompt) {
    try (Tokenizer tokenizer = Tokenizer.open(directory.path())) {
      return tokenizer.encode(prompt);
    }
  }
}
