package dev.hbar.study.report;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.study.parity.Divergence;
import dev.hbar.study.parity.ErrorProfile;
import dev.hbar.study.parity.ErrorStatistics;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.TokenAgreement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison for reading. */
public final class ComparisonTable {
  /** A longer section shows the outputs of its parts, and of the rest only what is wrong. */
  private static final int MOST_ROWS = 60;

  private static final int MOST_WRONG = 20;

  private ComparisonTable() {}

  /** Both sides, a table for each section, notes, and what follows from them. */
  public static String text(ReferenceComparison comparison) {
    StringBuilder text = new StringBuilder(facts(comparison));
    for (ErrorProfile section : comparison.profiles()) {
      text.append('\n').append(heading(section)).append('\n').append(rows(comparison, section));
    }
    text.append('\n');
    comparison.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.append(conclusion(comparison)).toString();
  }

  private static String facts(ReferenceComparison comparison) {
    TextTable facts = new TextTable();
    facts.add("checkpoint", side(comparison.subject()));
    facts.add("reference", side(comparison.reference()));
    facts.add("prompt", comparison.promptTokens() + " tokens");
    comparison.tokens().ifPresent(tokens -> facts.add("steps", tokens(tokens)));
    facts.add("bound", "relative error " + error(comparison.bound()));
    return facts.render();
  }

  private static String side(ReferenceComparison.Side side) {
    return "%s (%s, %s, rope of %s)"
        .formatted(side.name(), side.engine(), side.dtype(), side.rope());
  }

  private static String tokens(TokenAgreement tokens) {
    return String.format(
        Locale.ROOT,
        "%s, most likely token equal in %s, top-5 agreement %.1f %%",
        tokens.steps(),
        tokens.equal(),
        100 * tokens.topFive());
  }

  private static String heading(ErrorProfile section) {
    return switch (section.name()) {
      case "prompt" -> "the prompt's pass, errors adding up from block to block";
      case "steps" -> "the steps, at the last position of each";
      default ->
          "isolated: every block on the reference's input, every MLP on its attention output";
    };
  }

  private static String rows(ReferenceComparison comparison, ErrorProfile section) {
    List<ErrorProfile.PointError> wrong = section.over(comparison.bound());
    boolean all = section.points().size() <= MOST_ROWS;
    TextTable table = new TextTable();
    table.add("point", "mean |e|", "max |e|", "RMSE", "relative", "cosine", "growth", "");
    for (ErrorProfile.PointError point : section.points()) {
      boolean isWrong = wrong.contains(point);
      boolean shown = isWrong && wrong.indexOf(point) < MOST_WRONG;
      if (all || shown || isOutput(point.pair().ours())) {
        table.add(row(point, isWrong));
      }
    }
    return table.render()
        + "%s points, %s over the bound%s%n"
            .formatted(
                section.points().size(), wrong.size(), all ? "" : "; --json shows every one");
  }

  private static boolean isOutput(CapturePoint point) {
    return !(point instanceof CapturePoint.InBlock);
  }

  private static String[] row(ErrorProfile.PointError point, boolean wrong) {
    ErrorStatistics e = point.error();
    return new String[] {
      point.pair().label(),
      error(e.meanAbsolute()),
      error(e.maxAbsolute()),
      error(e.rmse()),
      error(e.relative()),
      String.format(Locale.ROOT, "%.7f", e.cosine()),
      point.growth().isPresent()
          ? String.format(Locale.ROOT, "%.2f", point.growth().getAsDouble())
          : "-",
      wrong ? "over" : ""
    };
  }

  private static String conclusion(ReferenceComparison comparison) {
    if (comparison.holds()) {
      return "within the bound everywhere; worst relative error %s\n"
          .formatted(error(comparison.worst().orElse(0)));
    }
    // In isolation one cause, such as rope, may be seen in every block: one line for each cause.
    Map<String, List<Divergence>> causes = new LinkedHashMap<>();
    for (Divergence divergence : comparison.divergences()) {
      causes
          .computeIfAbsent(divergence.profile() + divergence.suspect(), any -> new ArrayList<>())
          .add(divergence);
    }
    StringBuilder text = new StringBuilder();
    for (List<Divergence> alike : causes.values()) {
      Divergence first = alike.getFirst();
      String more = alike.size() == 1 ? "" : " and in %s more blocks".formatted(alike.size() - 1);
      text.append(
          "over the bound (%s) from %s on%s; look at %s%n"
              .formatted(first.profile(), first.point(), more, first.suspect()));
    }
    return text.toString();
  }

  private static String error(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }
}
