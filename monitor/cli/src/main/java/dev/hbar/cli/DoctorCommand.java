package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.io.Json;
import dev.hbar.model.io.WholeFile;
import dev.hbar.study.report.TextTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar doctor}: whether this machine can run hbar, and what to do where it cannot. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check JDK, native libraries, device, memory and the self-test of MLX.",
      "",
      "Exits with 3 if a check does not hold.",
      ""
    },
    footer = {"", "Example:", "  hbar doctor --report report.txt"})
final class DoctorCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private final Output output;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write all that helps to find a fault from afar, to send it with a question: versions, "
              + "libraries and what they load, device, limits, self-test, logs. No names, no tokens.")
  private Optional<Path> report = Optional.empty();

  DoctorCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    List<Diagnosis.Finding> findings = Diagnosis.make(environment.variables());
    if (report.isPresent()) {
      write(report.get(), DiagnosticReport.of(findings, environment.variables()));
      environment.err().println("wrote " + report.get() + "; read it before you send it");
    }
    output.print(() -> json(findings), () -> table(findings));
    long failed = findings.stream().filter(finding -> !finding.ok()).count();
    if (failed == 0) {
      return ExitCodes.OK;
    }
    environment
        .err()
        .printf("hbar: %s of %s checks do not hold, see above%n", failed, findings.size());
    return ExitCodes.CHECK_DID_NOT_HOLD;
  }

  private static void write(Path file, String text) {
    try {
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(
          "%s cannot be written (%s); choose another path".formatted(file, ErrorText.reason(e)));
    }
  }

  private static String table(List<Diagnosis.Finding> findings) {
    TextTable table = new TextTable();
    for (Diagnosis.Finding finding : findings) {
      String found = finding.ok() ? finding.found() : finding.found() + " -> " + finding.remedy();
      table.add(finding.ok() ? "ok" : "FAIL", finding.what(), found);
    }
    return table.render();
  }

  /** {"ok", "checks": [{"check", "ok", "found", "remedy"}]}. */
  private static String json(List<Diagnosis.Finding> findings) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("ok", findings.stream().allMatch(Diagnosis.Finding::ok));
    for (Diagnosis.Finding finding : findings) {
      root.withArrayProperty("checks")
          .addObject()
          .put("check", finding.what())
          .put("ok", finding.ok())
          .put("found", finding.found())
          .put("remedy", finding.remedy());
    }
    return root.toPrettyString();
  }
}
