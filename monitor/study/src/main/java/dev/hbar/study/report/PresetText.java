package dev.hbar.study.report;

import dev.hbar.study.parity.Preset;
import java.util.Locale;

/** What a preset found, for reading. */
public final class PresetText {
  private PresetText() {}

  /** The expected and the computed answer, one below the other, and whether they agree. */
  public static String text(Preset.Result result) {
    Preset preset = result.preset();
    TextTable table = new TextTable();
    table.add("preset", preset.name() + ", prompt ids " + preset.prompt());
    table.add("checkpoint", "%s (%s)".formatted(result.checkpoint(), result.compute()));
    table.add("expected", "token %s, logit %s".formatted(preset.token(), number(preset.logit())));
    table.add(
        "computed",
        "token %s, logit of %s %s"
            .formatted(result.token(), preset.token(), number(result.logit())));
    String bound =
        result.isLogitChecked()
            ? "the logit may differ by " + preset.tolerance()
            : "quantized weights: only the token is checked";
    return table.render() + (result.holds() ? "holds" : "does not hold") + "; " + bound + "\n";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
