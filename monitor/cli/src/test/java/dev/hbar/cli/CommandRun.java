package dev.hbar.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * One command run inside this process.
 *
 * @param code exit code
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record CommandRun(int code, String out, String err) {
  /** Without input, its output lost. */
  static final Environment NOWHERE =
      environment(
          InputStream.nullInputStream(),
          OutputStream.nullOutputStream(),
          OutputStream.nullOutputStream());

  /** With commands of the test's own, without stdin. */
  static CommandRun of(Function<Environment, List<Object>> commands, String... args) {
    return of(InputStream.nullInputStream(), commands, args);
  }

  /** The same with a text on stdin. */
  static CommandRun of(
      InputStream in, Function<Environment, List<Object>> commands, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment = environment(in, out, err);
    int code = Main.run(args, environment, commands.apply(environment));
    return new CommandRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** With the commands of the product. */
  static CommandRun of(String... args) {
    return of(Main::commands, args);
  }

  /** The variables of this process, no terminal. */
  static Environment environment(InputStream in, OutputStream out, OutputStream err) {
    return new Environment(
        System.getenv(),
        in,
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Terminal.NONE,
        System::nanoTime);
  }
}
