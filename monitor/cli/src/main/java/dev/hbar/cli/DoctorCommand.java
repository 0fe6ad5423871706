package dev.hbar.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.report.TextTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hbar doctor}: whether this machine can run hbar, and what to do where it cannot. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check JDK, native libraries, device, memory and the self-test of MLX.",
      "Exits with 3 if a check does not hold."
    },
    footer = {"", "Example:", "  hbar doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  private final Environment environment;
  private static final JsonMapper JSON = new JsonMapper();

  @Mixin private final Output output;

  DoctorCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    List<Diagnosis.Finding> findings = Diagnosis.make(environment.variables());
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
    ObjectNode root = JSON.createObjectNode();
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
