package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.report.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  private static final JsonMapper JSON = new JsonMapper();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    List<Finding> findings = Diagnosis.make(System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(findings));
    } else {
      out.print(table(findings));
    }
    long failed = findings.stream().filter(finding -> !finding.ok()).count();
    if (failed == 0) {
      return ExitCodes.OK;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf("hbar: %s of %s checks do not hold, see above%n", failed, findings.size());
    return ExitCodes.CHECK_DID_NOT_HOLD;
  }

  private static String table(List<Finding> findings) {
    TextTable table = new TextTable();
    for (Finding finding : findings) {
      String found = finding.ok() ? finding.found() : finding.found() + " -> " + finding.remedy();
      table.add(finding.ok() ? "ok" : "FAIL", finding.what(), found);
    }
    return table.render();
  }

  /** {"ok", "checks": [{"check", "ok", "found", "remedy"}]}. */
  private static String json(List<Finding> findings) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    root.put("ok", findings.stream().allMatch(Finding::ok));
    for (Finding finding : findings) {
      root.withArrayProperty("checks")
          .addObject()
          .put("check", finding.what())
          .put("ok", finding.ok())
          .put("found", finding.found())
          .put("remedy", finding.remedy());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }
}
