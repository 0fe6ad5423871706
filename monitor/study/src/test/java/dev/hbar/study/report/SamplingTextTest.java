package dev.hbar.study.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.SamplingSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scoring.ScoringBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplingTextTest {
  private static final List<ScoringBackend.StageCost> COSTS =
      List.of(
          new ScoringBackend.StageCost("reading", 4, 400, 2),
          new ScoringBackend.StageCost("drawing", 4, 80, 10),
          new ScoringBackend.StageCost("judging, yes to 7 of 9 pairs", 4, 1000, 20));

  @Test
  void everyScore_standsBesideWhatItCosts() {
    String text = SamplingText.of(scores("qa_%s_cor", "qa_%s_hal"), COSTS);
    // Risky for 3 of the 4 pairs of labels: 0.1 0.3 against 0.2 0.4; both records are right.
    assertLine(text, "semantic_dissent  0.750", "1.000  270  7.50");
    assertLine(text, "lexical_dissent  0.750", "1.000  20  2.50");
    assertLine(text, "-logprob_mean  0.250", "0.000  100  0.50");
    assertLine(text, "judging, yes to 7 of 9 pairs  4  250  5.00", "");
    assertTrue(text.contains("of the question: those cannot tell them apart"), text);
  }

  @Test
  void oneAnswerOfEveryRecord_hasNoPairs() {
    String text = SamplingText.of(scores("a_%s_cor", "b_%s_hal"), COSTS);
    assertFalse(text.contains("cannot tell them apart"), text);
  }

  @Test
  void runThatAddedNothing_hasNoCosts() {
    List<ScoringBackend.StageCost> none =
        COSTS.stream().map(cost -> new ScoringBackend.StageCost(cost.stage(), 0, 0, 0)).toList();
    String text = SamplingText.of(scores("qa_%s_cor", "qa_%s_hal"), none);
    assertLine(text, "semantic_dissent  0.750", "1.000  -  -");
    assertLine(text, "drawing  0  -  -", "");
  }

  @Test
  void answersOfOneLabel_areNotRanked() {
    String text = SamplingText.of(scores("qa_%s_cor", "qb_%s_cor"), COSTS);
    assertTrue(text.startsWith("all answers have one label: "), text);
    assertLine(text, "drawing  4  20  2.50", "");
  }

  /** Two records; every score is 0.1, 0.2, 0.3, 0.4. */
  private static ScoreColumns scores(String first, String second) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = (i % 2 == 0 ? first : second).formatted(i / 2);
      Map<String, Double> values = new LinkedHashMap<>();
      for (Signal signal :
          Stream.of(GivenSignals.ALL, SamplingSignals.ALL).flatMap(List::stream).toList()) {
        values.put(signal.id(), (i + 1) / 10.0);
      }
      rows.add(new Scored(id, id.endsWith("hal") ? 1 : 0, values));
    }
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), rows, Map.of());
  }

  private static void assertLine(String text, String start, String end) {
    long lines =
        text.lines()
            .map(line -> line.replaceAll(" {2,}", "  "))
            .filter(line -> line.startsWith(start) && line.endsWith(end))
            .count();
    assertEquals(1, lines, start + " ... " + end + " in\n" + text);
  }
}
