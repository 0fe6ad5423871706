package dev.hbar.study.report;

import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.evidence.Trajectories;
import java.util.ArrayList;
import java.util.List;

/** Means of the study's two signals by generated token, for people. */
public final class TokenTable {
  private static final List<String> LABELS = List.of("right", "hallucinated");

  private TokenTable() {}

  /**
   * Both signals at one token of the samples of one label.
   *
   * @param label 0 right, 1 hallucinated
   * @param hbar of hbar_s
   * @param pri of PRI, nats
   */
  public record Means(int label, Trajectories.Point hbar, Trajectories.Point pri) {}

  /** All means, right answers first. */
  public static List<Means> means(Trajectories rows) {
    List<Means> means = new ArrayList<>();
    for (int label = 0; label < LABELS.size(); label++) {
      List<Trajectories.Point> hbar = rows.mean(label, TokenSignals::hbar);
      List<Trajectories.Point> pri = rows.mean(label, TokenSignals::pri);
      for (int i = 0; i < hbar.size(); i++) {
        means.add(new Means(label, hbar.get(i), pri.get(i)));
      }
    }
    return means;
  }

  /** One line per label and token. */
  public static String text(Trajectories rows) {
    TextTable table = new TextTable();
    table.add("label", "token", "samples", "hbar_s [95 %]", "PRI [95 %]");
    for (Means one : means(rows)) {
      table.add(
          LABELS.get(one.label()),
          Integer.toString(one.hbar().index() + 1),
          Integer.toString(one.hbar().samples()),
          cell(one.hbar()),
          cell(one.pri()));
    }
    return table.render();
  }

  private static String cell(Trajectories.Point point) {
    return EvidenceText.number("%.4g", point.mean())
        + " "
        + EvidenceText.interval(point.interval(), "%.3f");
  }
}
