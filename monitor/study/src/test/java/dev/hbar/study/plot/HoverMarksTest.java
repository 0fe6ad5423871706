package dev.hbar.study.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoverMarksTest {
  /** The chart rounds the margin around its plot in one of the two conversions. */
  private static final double PIXEL = 0.5;

  @Test
  void marksOfALine_standOnItAsItIsDrawn() {
    double[] x = {0, 0.25, 1};
    double[] y = {0.1, 0.7, 0.9};
    Plot plot =
        new CurveChart("t", "flagged", "found", 760, 820)
            .bounds(0, 1, 0, 1)
            .line("PRI", x, y, 0)
            .plot();
    List<Plot.Mark> marks = plot.marks().get();
    assertEquals(3, marks.size());
    assertEquals(List.of("PRI", "flagged: 0.250", "found: 0.700"), lines(marks.get(1)));
    Matcher drawn =
        Pattern.compile(
                "rgb\\(0,114,178\\)[^>]*x1=\"([\\d.]+)\" x2=\"([\\d.]+)\" y1=\"([\\d.]+)\" y2=\"([\\d.]+)\"")
            .matcher(new String(plot.svg(), StandardCharsets.UTF_8));
    for (int i = 0; i + 1 < marks.size(); i++) {
      assertTrue(drawn.find(), "part " + i + " of the line");
      assertEquals(marks.get(i).x(), Double.parseDouble(drawn.group(1)), PIXEL);
      assertEquals(marks.get(i + 1).x(), Double.parseDouble(drawn.group(2)), PIXEL);
      assertEquals(marks.get(i).y(), Double.parseDouble(drawn.group(3)), PIXEL);
      assertEquals(marks.get(i + 1).y(), Double.parseDouble(drawn.group(4)), PIXEL);
    }
  }

  @Test
  void lineOfManyPoints_hasAtMost61WithBothEnds() {
    double[] x = IntStream.rangeClosed(0, 1000).mapToDouble(i -> i / 1000.0).toArray();
    List<Plot.Mark> marks =
        new CurveChart("t", "x", "y", 300, 300).line("a", x, x, 0).plot().marks().get();
    assertTrue(marks.size() > 50 && marks.size() <= 61, marks.size() + " marks");
    assertEquals(List.of("a", "x: 0.000", "y: 0.000"), lines(marks.getFirst()));
    assertEquals(List.of("a", "x: 1.000", "y: 1.000"), lines(marks.getLast()));
  }

  @Test
  void binsOfADistribution_haveTheirRangeAndShare() {
    double[] right = {0, 0, 0, 8};
    List<Plot.Mark> marks =
        DistributionChart.plot(right, new double[] {8, 8}, "s", OptionalDouble.empty(), 600, 400)
            .marks()
            .get();
    assertEquals(16, marks.size());
    assertEquals(List.of("0.000 to 1.000", "75.0 % of the right answers"), lines(marks.get(0)));
    assertEquals(
        List.of("7.000 to 8.000", "100.0 % of the hallucinated answers"), lines(marks.getLast()));
  }

  private static List<String> lines(Plot.Mark mark) {
    return mark.words().lines().toList();
  }
}
