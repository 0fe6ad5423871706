package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
  @TempDir Path folder;

  /** Fails as it is told. */
  @Command(name = "fail")
  static final class Failing implements Runnable {
    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void run() {
      LoggerFactory.getLogger("dev.hbar.test").info("about to fail");
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  /** Its description has a percent sign that String.format does not take. */
  @Command(name = "odd", description = "Lengths within 10 %.")
  static final class Unescaped {}

  @Test
  void noCommand_isWrongUsageOnOneLine() {
    CommandRun run = CommandRun.of();
    assertEquals(2, run.code());
    assertEquals("hbar: which command?; see 'hbar --help'", run.err().strip());
  }

  @Test
  void unknownCommandOrOption_isWrongUsageWithAHint() {
    CommandRun command = CommandRun.of("nope");
    assertEquals(2, command.code());
    assertEquals(1, command.err().lines().count());
    CommandRun option = CommandRun.of("summary", "--nope", "x");
    assertEquals(2, option.code());
    assertTrue(option.err().startsWith("hbar: Unknown option: '--nope'"), option.err());
    assertTrue(option.err().strip().endsWith("see 'hbar summary --help'"), option.err());
  }

  @Test
  void help_isThereForEveryCommandWithAnExample() {
    CommandLine all = Main.complete(CommandRun.NOWHERE);
    assertFalse(all.getSubcommands().isEmpty());
    for (String name : all.getSubcommands().keySet()) {
      CommandRun run = CommandRun.of(name, "--help");
      assertEquals(0, run.code(), name);
      assertTrue(run.out().contains("Example:"), name);
      assertTrue(run.out().contains("  hbar " + name + " "), name);
      assertTrue(run.out().contains("--verbose"), name);
    }
  }

  @Test
  void helpWithCommandsInOutline_isThatOfTheWholeCommands() {
    CommandLine all = Main.complete(CommandRun.NOWHERE);
    assertEquals(all.getUsageMessage(CommandLine.Help.Ansi.OFF), CommandRun.of("--help").out());
    assertEquals(
        all.getSubcommands().get("detect").getUsageMessage(CommandLine.Help.Ansi.OFF),
        CommandRun.of("-v", "detect", "--help").out());
  }

  @Test
  void version_isPrinted() {
    CommandRun run = CommandRun.of("--version");
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("hbar "));
  }

  private static List<CommandLine> everyCommand() {
    List<CommandLine> all = new ArrayList<>(List.of(Main.complete(CommandRun.NOWHERE)));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).getSubcommands().values());
    }
    return all;
  }

  /** A text broken by hand is broken again by picocli, a few words behind. */
  @Test
  void helpOfEveryCommand_isBrokenByPicocliOnly() {
    List<String> broken = new ArrayList<>();
    for (CommandLine command : everyCommand()) {
      CommandSpec spec = command.getCommandSpec();
      spec.args().stream()
          .filter(arg -> arg.description().length > 1)
          .forEach(arg -> broken.add(spec.qualifiedName() + " " + arg.paramLabel()));
      Stream.of(String.join("\n", spec.usageMessage().description()).split("(?<=[.?:])\n|\n\n"))
          .filter(paragraph -> paragraph.strip().contains("\n"))
          .forEach(paragraph -> broken.add(spec.qualifiedName() + ": " + paragraph));
      Stream.of(spec.usageMessage().footer())
          .filter(line -> line.length() > 80)
          .forEach(line -> broken.add(spec.qualifiedName() + ": " + line));
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void helpOfEveryCommand_isWordedWithoutAWarning() {
    List<CommandLine> all = everyCommand();
    assertTrue(all.size() > 20, () -> all.size() + " commands");
    assertEquals("", warningsOf(all));
    assertTrue(
        warningsOf(List.of(new CommandLine(new Unescaped()))).contains("10 %."),
        "picocli's warnings are not seen");
  }

  /** What picocli says on the process's stderr while it words the help of the commands. */
  private static String warningsOf(List<CommandLine> commands) {
    PrintStream process = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      for (CommandLine command : commands) {
        String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertFalse(help.contains("%%") || help.contains("%n"), help);
      }
    } finally {
      System.setErr(process);
    }
    return warnings.toString(StandardCharsets.UTF_8);
  }

  @Test
  void ourException_isOneLineWithoutTrace() {
    CommandRun run = fail(new CommandException("weights.safetensors: cut\nshort"));
    assertEquals(1, run.code());
    assertEquals("hbar: weights.safetensors: cut short", run.err().strip());
  }

  @Test
  void verbose_addsTheTrace() {
    CommandRun run = fail(new CommandException("broken"), "-v");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("\nhbar: broken\n"), run.err());
    assertTrue(run.err().contains("at dev.hbar.cli.MainTest"), run.err());
  }

  @Test
  void defect_saysThatItIsOne() {
    assertEquals(
        "hbar: internal error, IllegalStateException: odd; run again with -v for its trace",
        fail(new IllegalStateException("odd")).err().strip());
    assertEquals(
        "hbar: internal error, NullPointerException; run again with -v for its trace",
        fail(new NullPointerException()).err().strip());
  }

  @Test
  void memoryThatEndsWhileAClassIsMade_saysSo() {
    Throwable made = new ExceptionInInitializerError(new OutOfMemoryError("Java heap space"));
    Throwable later = new NoClassDefFoundError("Could not initialize class a.B").initCause(made);
    for (Throwable failure : List.of(made, later, new OutOfMemoryError("Java heap space"))) {
      String said = fail(failure).err();
      assertTrue(said.startsWith("hbar: out of memory ("), said);
      assertTrue(said.contains("HBAR_JAVA_OPTS=-Xmx4g"), said);
    }
  }

  @Test
  void threadThatTheSystemRefuses_isOneLineWithTheLimit() {
    CommandRun run = fail(new OutOfMemoryError("unable to create native thread: limits reached"));
    assertEquals(1, run.code());
    assertEquals(
        "hbar: the system refuses another thread (unable to create native thread: limits reached); raise the limit (ulimit -u)",
        run.err().strip());
  }

  @Test
  void fullDiskThatNamesNoFile_isNoDefect() {
    CommandRun run = fail(new UncheckedIOException(new IOException("No space left on device")));
    assertEquals(1, run.code());
    assertEquals(
        "hbar: a file could not be read or written (No space left on device); make room, or choose another",
        run.err().strip());
  }

  @Test
  void fileError_namesFileAndKind() {
    IOException cause = new NoSuchFileException("/data/x.jsonl");
    assertEquals(
        "hbar: /data/x.jsonl (no such file); choose another path, or mend its permissions",
        fail(new UncheckedIOException(cause)).err().strip());
  }

  @Test
  void missingNativeLibrary_isOneLine() {
    CommandRun run = fail(new UnsatisfiedLinkError("no mlxc"));
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("no mlxc"), run.err());
  }

  @Test
  void logFile_getsTheTraceWhileStderrStaysQuiet() throws IOException {
    Path log = folder.resolve("hbar.log");
    CommandRun run = fail(new CommandException("broken"), "--log-file", log.toString());
    assertEquals("hbar: broken", run.err().strip());
    String logged = Files.readString(log);
    assertTrue(logged.contains("about to fail"), logged);
    assertTrue(logged.contains("at dev.hbar.cli.MainTest"), logged);
    CommandRun.of("split");
  }

  @Test
  void logFileInAMissingFolder_isOneLine() {
    CommandRun run = CommandRun.of("--log-file", folder + "/no/log", "summary", "x.jsonl");
    assertEquals(1, run.code());
    assertTrue(run.err().startsWith("hbar: cannot write the log file "), run.err());
    assertEquals(1, run.err().lines().count());
  }

  @Test
  void colours_onlyOnATerminalThatWantsThem() {
    Terminal terminal = new Terminal(true, true);
    assertEquals(Terminal.Palette.INDEXED, terminal.palette(Map.of("TERM", "xterm")));
    assertEquals(Terminal.Palette.TRUE, terminal.palette(Map.of("COLORTERM", "truecolor")));
    assertEquals(
        Terminal.Palette.PLAIN, terminal.palette(Map.of("NO_COLOR", "1", "TERM", "xterm")));
    assertEquals(Terminal.Palette.INDEXED, terminal.palette(Map.of("NO_COLOR", "")));
    assertEquals(Terminal.Palette.PLAIN, terminal.palette(Map.of("TERM", "dumb")));
    assertEquals(Terminal.Palette.PLAIN, Terminal.NONE.palette(Map.of("COLORTERM", "truecolor")));
  }

  private static CommandRun fail(Throwable failure, String... options) {
    String[] args = Arrays.copyOf(options, options.length + 1);
    args[options.length] = "fail";
    return CommandRun.of(environment -> List.of(new Failing(failure)), args);
  }
}
