package dev.hbar.study.report;

import dev.hbar.study.calibrate.Update;

/** What new samples say about older parameters, as text for people. */
final class UpdateText {
  private UpdateText() {}

  static String of(Update update) {
    return "%s%n%n%s%n%s%nfitted on %s%n%n"
        .formatted(update.verdict(), drift(update), thresholds(update), samples(update));
  }

  private static String drift(Update update) {
    TextTable table = new TextTable();
    table.add("signal", "mean before", "now", "shift [95 %]", "KS distance", "p (Holm)", "drift");
    for (Update.Drift drift : update.drift()) {
      table.add(
          drift.signal(),
          EvidenceText.number("%.4g", drift.oldMean()),
          EvidenceText.number("%.4g", drift.newMean()),
          EvidenceText.number("%+.4g", drift.shift())
              + " "
              + EvidenceText.interval(drift.interval(), "%+.4g"),
          EvidenceText.number("%.3f", drift.distance()),
          EvidenceText.number("%.4f", drift.pHolm()),
          drift.isDrift() ? "yes" : "not seen");
    }
    return table.render();
  }

  private static String thresholds(Update update) {
    TextTable table = new TextTable();
    table.add("old threshold", "precision before", "now [95 %]", "recall now [95 %]", "it");
    for (Update.ThresholdCheck check : update.thresholds()) {
      table.add(
          check.signal() + " " + EvidenceText.number("%.6f", check.tau()),
          EvidenceText.number("%.3f", check.promisedPrecision()),
          share(check.precision()),
          share(check.recall()),
          check.words());
    }
    return table.render();
  }

  private static String share(Update.ThresholdCheck.Share share) {
    return EvidenceText.number("%.3f", share.value())
        + " "
        + EvidenceText.interval(share.interval(), "%.3f");
  }

  private static String samples(Update update) {
    return update.kept()
        ? "%s old samples (%s of them replaced) and %s new ones"
            .formatted(update.oldSamples(), update.replaced(), update.newSamples())
        : "the %s new samples only".formatted(update.newSamples());
  }
}
