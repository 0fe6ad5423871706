package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script is run by a real bash, which is asked what it would offer. */
class CompletionCommandTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'hbar sum'|summary",
        "'hbar s'|score score-text serve split states summary sweep",
        "'hbar detect '|fit list power profile report test transfer",
        "'hbar split --set '|test train",
        "'hbar split --protocol '|pairs-v1 study-2026-01",
        "'hbar calibrate --polarity '|fitted study",
        "'hbar generate --halt-on '|detector hbar joint pri",
        "'hbar convert --mode '|affine mxfp4 mxfp8 nvfp4",
        "'hbar trace --dtype b'|bfloat16",
        "'hbar states --format '|npy parquet safetensors",
        "'hbar score --answers g'|generated given",
        "'hbar score --task h'|halluqa",
        "'hbar summary --against-nothing'|''",
        "'hbar summary --ev'|--evidence",
        "'hbar completion '|bash zsh",
      })
  void typedLine_isOfferedItsWords(String line, String words)
      throws IOException, InterruptedException {
    assertEquals(new TreeSet<>(words(words)), new TreeSet<>(offered(line)));
  }

  @Test
  void zsh_loadsBashCompletionFirst() {
    CommandRun zsh = CommandRun.of("completion", "zsh");
    assertEquals(0, zsh.code(), zsh.err());
    assertTrue(zsh.out().startsWith("autoload -U +X bashcompinit && bashcompinit\n"), zsh.out());
    assertTrue(zsh.out().endsWith(CommandRun.of("completion", "bash").out()));
  }

  @Test
  void anotherShell_isWrongUsage() {
    CommandRun fish = CommandRun.of("completion", "fish");
    assertEquals(2, fish.code());
    assertEquals(
        "hbar: Invalid value for positional parameter at index 0 (bash|zsh): 'fish' is neither bash"
            + " nor zsh; see 'hbar completion --help'",
        fish.err().strip());
  }

  private List<String> offered(String line) throws IOException, InterruptedException {
    Path script = folder.resolve("completion.bash");
    Files.writeString(script, CommandRun.of("completion", "bash").out());
    String typed = line.endsWith(" ") ? line + "''" : line;
    String ask =
        """
        compopt() { :; } # bash has it only while it completes
        . "$1"
        COMP_LINE="$2"
        COMP_WORDS=(%s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_POINT=${#COMP_LINE}
        _complete_hbar
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(typed);
    Process bash =
        new ProcessBuilder("bash", "-c", ask, "ask", script.toString(), line)
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes());
    assertEquals(0, bash.waitFor(), said);
    return words(said);
  }

  private static List<String> words(String text) {
    return List.of(text.split("\\s+")).stream().filter(word -> !word.isEmpty()).toList();
  }
}
