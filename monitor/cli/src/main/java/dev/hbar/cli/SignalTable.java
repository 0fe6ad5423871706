package dev.hbar.cli;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.Signal;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** An answer token by token, as text in columns. */
final class SignalTable {
  private static final int LONGEST_WORD = 16;

  private SignalTable() {}

  /** A line per token: its signals, its risk where that is calibrated, what else was likely. */
  static void print(PrintWriter out, GenerationResult result, HaltPolicy policy) {
    boolean risk = policy.rule().isCalibrated();
    out.printf(
        "%4s  %-16s %8s %8s %8s %8s%s  %s%n",
        "",
        "token",
        Signal.HBAR.id(),
        "PRI",
        Signal.SURPRISE.id(),
        DistributionSignals.ENTROPY.id(),
        risk ? "     risk" : "",
        "instead");
    int index = 0;
    for (GeneratedToken token : result.trajectory()) {
      out.println(line(++index, token, risk));
    }
    out.flush();
  }

  private static String line(int index, GeneratedToken token, boolean risk) {
    String instead =
        token.alternatives().stream()
            .filter(other -> other.id() != token.id())
            .map(
                other ->
                    String.format(
                        Locale.ROOT,
                        "%s %.0f%%",
                        word(other.text()),
                        100 * Math.exp(other.logProbability())))
            .collect(Collectors.joining("  "));
    String shown =
        risk && token.risk().isPresent()
            ? String.format(Locale.ROOT, " %8.3f", token.risk().getAsDouble())
            : "";
    return String.format(
        Locale.ROOT,
        "%4d  %-16s %8.3f %8.3f %8.3f %8.3f%s  %s",
        index,
        word(token.text()),
        token.signals().hbar(),
        token.signals().pri(),
        token.signals().surprise(),
        token.signals().get(DistributionSignals.ENTROPY),
        shown,
        instead);
  }

  private static String word(String text) {
    if (text.isEmpty()) {
      return "(end)";
    }
    String shown = text.replace("\n", "\\n").replace("\t", "\\t").replace(' ', '\u2423');
    return shown.length() > LONGEST_WORD ? shown.substring(0, LONGEST_WORD - 1) + "\u2026" : shown;
  }
}
