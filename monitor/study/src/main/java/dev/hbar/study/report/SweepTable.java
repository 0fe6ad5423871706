package dev.hbar.study.report;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.sweep.Sweep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The summary of a sweep.
 *
 * @param results one for every checkpoint, in order
 */
public record SweepTable(List<Sweep.Result> results) {
  private static final List<String> SIGNALS = ScoreColumns.CALIBRATED;

  /** Copies the list. */
  public SweepTable {
    results = List.copyOf(results);
  }

  /** One row per checkpoint: AUROC on the test set with intervals by record, thresholds, costs. */
  public String text() {
    TextTable table = new TextTable();
    table.add(
        "checkpoint",
        "scored",
        "failed",
        "AUROC hbar [95 %]",
        "AUROC pri",
        "AUROC joint",
        "tau_hbar",
        "tau_pri",
        "s/sample",
        "peak MiB");
    for (Sweep.Result result : results) {
      switch (result) {
        case Sweep.Result.Finished finished -> table.add(cells(finished));
        case Sweep.Result.Failed failed ->
            table.add(failed.name(), "failed", "-", "-", "-", "-", "-", "-", "-", "-");
      }
    }
    return table.render();
  }

  private static String[] cells(Sweep.Result.Finished finished) {
    Evidence evidence = finished.validation().evidence();
    return new String[] {
      finished.name(),
      Integer.toString(evidence.samples()),
      Long.toString(evidence.failed()),
      area(evidence, Signal.HBAR.id()),
      area(evidence, Signal.PRI.id()),
      area(evidence, ScoreColumns.JOINT),
      digits(finished.parameters().tauHbar()),
      digits(finished.parameters().tauPri()),
      String.format(Locale.ROOT, "%.2f", finished.costs().secondsPerSample()),
      Long.toString(finished.costs().peakBytes() >> 20)
    };
  }

  private static String area(Evidence evidence, String signal) {
    SignalEvidence.PooledArea auroc = evidence.signal(signal).orElseThrow().auroc();
    return String.format(
        Locale.ROOT,
        "%.3f [%.3f, %.3f]",
        auroc.value(),
        auroc.byRecord().low(),
        auroc.byRecord().high());
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** The same figures for JSON. */
  public List<Map<String, Object>> rows() {
    return results.stream().map(SweepTable::row).toList();
  }

  private static Map<String, Object> row(Sweep.Result result) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("checkpoint", result.name());
    switch (result) {
      case Sweep.Result.Finished finished -> {
        Evidence evidence = finished.validation().evidence();
        row.put("status", "ok");
        row.put("samples", evidence.samples());
        row.put("failed", evidence.failed());
        for (String signal : SIGNALS) {
          row.put("auroc_" + signal, evidence.signal(signal).orElseThrow().auroc());
        }
        row.put("tau_hbar", finished.parameters().tauHbar());
        row.put("tau_pri", finished.parameters().tauPri());
        row.put("costs", finished.costs());
      }
      case Sweep.Result.Failed failed -> {
        row.put("status", "error");
        row.put("error", failed.reason());
      }
    }
    return row;
  }
}
