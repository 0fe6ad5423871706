package dev.hbar.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A result as text, or with {@code --json} as one JSON document, which stdout then is. */
final class Output {
  private final Environment environment;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  Output(Environment environment) {
    this.environment = environment;
  }

  boolean json() {
    return json;
  }

  /** Prints one of the two, with a line end. */
  void print(Supplier<String> document, Supplier<String> text) {
    String result = json ? document.get() : text.get();
    PrintWriter out = environment.out();
    out.print(result.endsWith("\n") ? result : result + System.lineSeparator());
    out.flush();
  }

  /** Where more text than the result goes: stdout, or stderr beside a JSON document. */
  PrintWriter beside() {
    return json ? environment.err() : environment.out();
  }
}
