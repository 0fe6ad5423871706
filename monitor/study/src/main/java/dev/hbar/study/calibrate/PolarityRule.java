package dev.hbar.study.calibrate;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Ranking;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How calibration chooses the side of a signal that counts as risky. */
public enum PolarityRule {
  /** As the study defines it: low hbar_s and high PRI are risky, whatever the samples say. */
  STUDY,
  /**
   * For every signal the side that ranks the calibration samples better, then kept: some models
   * turn a signal round. The usual side where both are equal.
   */
  FITTED;

  /** The signals whose side is decided here; the others have the usual one. */
  Map<String, Polarity> decide(ScoreColumns columns) {
    Map<String, Polarity> decided = new LinkedHashMap<>();
    for (String signal : this == STUDY ? Parameters.FLAGGED : columns.names()) {
      decided.put(signal, this == STUDY ? Signal.of(signal).risky() : fitted(columns, signal));
    }
    return decided;
  }

  private static Polarity fitted(ScoreColumns columns, String signal) {
    double high = new Ranking(columns.column(signal), columns.labels()).counts().auroc();
    if (high == 0.5) {
      return Signal.of(signal).risky();
    }
    return high > 0.5 ? Polarity.HIGH : Polarity.LOW;
  }

  /** The name in JSON and on the command line. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return id();
  }
}
