package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any model is looked at. */
class GenerateCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--max-tokens 0",
        "--temperature -1",
        "--temperature 1e-30",
        "--temperature NaN",
        "--temperature 1 --top-p 0",
        "--temperature 1 --top-p 1.5",
        "--temperature 1 --top-k -1",
        "--temperature 1 --min-p 1",
        "--top-k 5",
        "--seed 5",
        "--cutoff 1.5",
        "--cutoff NaN",
        "--every 0",
        "--lambda 0",
        "--lambda NaN",
        "--tau Infinity",
        "--halt-on pri",
        "--halt-on joint",
        "--params none.json --tau 2",
        "--halt-on",
        "--system be-brief",
        "--tools tools.json",
        "--documents list.json",
        "--template-var enable_thinking=false",
        "--parallel tensor",
        "--parallel pipeline",
        "--temperature 1 --parallel tensor",
      })
  void valueThatMakesNoSense_isWrongUsageOnOneLineNamingIt(String options) {
    CommandRun run = generate(InputStream.nullInputStream(), ("--prompt x " + options).split(" "));
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    String[] words = options.split(" ");
    String named = words[words.length - (words.length % 2 == 0 ? 2 : 1)];
    assertTrue(run.err().contains(named.substring(2)), run.err());
    assertTrue(run.err().strip().endsWith("see 'hbar generate --help'"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "x, 0, --parallel needs several ranks",
    "x, 1, --parallel with a --temperature needs a --seed",
    "-, 0, --parallel needs the text of the --prompt"
  })
  void whatRanksCannotDoAlike_isRefused(String prompt, String temperature, String words) {
    CommandRun run =
        generate(
            InputStream.nullInputStream(),
            ("--prompt " + prompt + " --parallel tensor --temperature " + temperature).split(" "));
    assertEquals(2, run.code());
    assertTrue(run.err().startsWith("hbar: " + words), run.err());
  }

  @Test
  void emptyPrompt_isRefused() {
    CommandRun run = generate(InputStream.nullInputStream(), "--prompt", "-");
    assertEquals(1, run.code());
    assertEquals("hbar: the prompt is empty; give it some text", run.err().strip());
  }

  @Test
  void stdinInAnotherEncoding_isRefused() {
    byte[] latin = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    CommandRun run = generate(new ByteArrayInputStream(latin), "--prompt", "-");
    assertEquals(1, run.code());
    assertEquals("hbar: the prompt on stdin is not UTF-8; convert it first", run.err().strip());
  }

  private static CommandRun generate(InputStream in, String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "generate";
    arguments[1] = "no/such/checkpoint";
    System.arraycopy(options, 0, arguments, 2, options.length);
    return CommandRun.of(in, Main::commands, arguments);
  }
}
