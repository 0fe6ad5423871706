package dev.hbar.cli;

import dev.hbar.mlx.ErrorText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

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

  /** Where a command writes, whichever it is: never over what it reads. */
  static final class Places {
    private static final Set<String> OUTPUTS = Set.of("--out", "--plot", "--report", "--log-file");

    /** Parameters that are brought up to date: {@code --out} may name them. */
    private static final String UPDATED = "--update";

    /** What commands write into a folder that they read; anything else there is not theirs. */
    private static final String OWN = ".*\\.(html?|png|svg|pdf|log)";

    private final Map<String, Path> outputs = new LinkedHashMap<>();
    private final List<Path> inputs = new ArrayList<>();
    private final List<Path> updated = new ArrayList<>();

    private Places() {}

    /**
     * Refuses options that would write over a file that the command reads, or over each other's,
     * also by a link or another spelling.
     */
    static void check(ParseResult line) {
      Places places = new Places();
      ParseResult command = line;
      places.add(command.matchedArgs());
      while (command.hasSubcommand()) {
        command = command.subcommand();
        places.add(command.matchedArgs());
      }
      // A score file is gone on with or refused, never replaced.
      places.check(command.commandSpec().name().equals("score"));
    }

    private void add(List<ArgSpec> given) {
      for (ArgSpec spec : given) {
        boolean path =
            spec.isPositional()
                || spec.paramLabel().matches(".*(FILE|DIR).*")
                || Arrays.asList(spec.auxiliaryTypes()).contains(Path.class);
        String name = spec instanceof OptionSpec option ? option.longestName() : "";
        for (String value : spec.stringValues()) {
          try {
            if (OUTPUTS.contains(name)) {
              outputs.put(name, Path.of(value));
            } else if (name.equals(UPDATED)) {
              updated.add(Path.of(value));
            } else if ((path || spec.typeInfo().getType().equals(Path.class)) && !value.isEmpty()) {
              inputs.add(Path.of(value));
            }
          } catch (InvalidPathException e) {
            // No path, so no file.
          }
        }
      }
    }

    private void check(boolean goesOn) {
      List<Path> written = new ArrayList<>();
      outputs.forEach(
          (name, out) -> {
            String what = name + " " + out;
            try {
              if (written.contains(out.toAbsolutePath().normalize())) {
                throw new WrongUsage(what + " is written by another option, too; choose another");
              }
              written.add(out.toAbsolutePath().normalize());
              if (Files.isRegularFile(out)) {
                boolean main = name.equals("--out");
                refuseInput(inputs, what, out.toRealPath(), main && goesOn);
                if (!main) {
                  refuseInput(updated, what, out.toRealPath(), false);
                }
              }
            } catch (IOException e) {
              throw new WrongUsage(what + ": " + ErrorText.reason(e), e);
            }
          });
    }

    private static void refuseInput(List<Path> inputs, String what, Path out, boolean goesOn)
        throws IOException {
      for (Path input : inputs) {
        if (!Files.exists(input)) {
          continue;
        }
        if (Files.isSameFile(out, input)) {
          throw new WrongUsage(what + " would replace a file that is read; choose another");
        }
        boolean inside = Files.isDirectory(input) && out.startsWith(input.toRealPath());
        if (inside && !goesOn && !out.getFileName().toString().matches(OWN)) {
          throw new WrongUsage(what + " would replace a file of " + input + "; choose another");
        }
      }
    }
  }
}
