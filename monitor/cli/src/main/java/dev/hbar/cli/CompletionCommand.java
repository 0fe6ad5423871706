package dev.hbar.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hbar completion}: a script that completes commands and options in a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a script that completes hbar's commands, options and values in a shell.",
      "",
      "bash: load it from ~/.bashrc; zsh: load it from ~/.zshrc, after compinit.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar completion bash > ~/.hbar-completion \\",
      "    && echo '. ~/.hbar-completion' >> ~/.bashrc"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.BASH;

  CompletionCommand(Environment environment) {
    this.environment = environment;
  }

  /** The shells there is a script for; zsh runs bash's through its own bashcompinit. */
  enum Shell {
    BASH(""),
    ZSH("autoload -U +X bashcompinit && bashcompinit\n");

    private final String before;

    Shell(String before) {
      this.before = before;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    CommandLine all = Main.complete(environment);
    environment.out().print(shell.before + AutoComplete.bash("hbar", all));
    return ExitCodes.OK;
  }
}
