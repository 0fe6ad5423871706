package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.report.page.Panel.Row;
import dev.hbar.study.statistics.Interval;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PanelChartTest {
  private static final Row SIGNAL =
      new Row("PRI", 0.75, Optional.of(new Interval(0.65, 0.85)), false);
  private static final Row LENGTH = new Row("answer length", 0.35, Optional.empty(), true);

  @Test
  void axis_isSharedAndHoldsAll() {
    Panel first = new Panel("qa", "30 answers", List.of(SIGNAL));
    Panel second = new Panel("dialogue", "30 answers", List.of(LENGTH, SIGNAL));
    assertEquals(new PanelChart(0.3, 0.9), PanelChart.over(List.of(first, second)));
    assertEquals(
        new PanelChart(0.4, 0.7),
        PanelChart.over(
            List.of(new Panel("t", "", List.of(new Row("a", 0.5, Optional.empty(), false))))));
  }

  @Test
  void rows_standWhereTheirValuesAreAndSayThem() {
    String html =
        new PanelChart(0, 1).figure(new Panel("qa", "30 answers", List.of(SIGNAL, LENGTH)));
    assertTrue(html.contains("<circle class=\"f0\" cx=\"237.0\" cy=\"24\""), html);
    assertTrue(html.contains("<line class=\"c0\" x1=\"206.2\" y1=\"24\" x2=\"267.8\""), html);
    assertTrue(html.contains("<circle class=\"f6\" cx=\"113.8\" cy=\"58\""), html);
    assertTrue(html.contains("<title>PRI: 0.750 [0.650, 0.850]</title>"), html);
    assertTrue(html.contains("<title>answer length: 0.350</title>"), html);
  }
}
