package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class SvgChartTest {
  private static final double[] UNIT = {0, 1};

  @Test
  void line_runsFromCornerToCornerAndTellsItsValues() throws Exception {
    Element svg =
        parsed(
            new SvgChart("a < b & c", UNIT, UNIT, 100)
                .axes("x", "y")
                .line("probe", UNIT, UNIT, 2, true));
    assertEquals("a < b & c", text(svg, "title", 0));
    Element line = (Element) svg.getElementsByTagName("polyline").item(0);
    assertEquals("52.0,114.0 450.0,14.0", line.getAttribute("points"));
    assertEquals("c2 dashed", line.getAttribute("class"));
    assertEquals("probe: 1.000, 1.000", text(svg, "title", 2));
  }

  @Test
  void promiseBandAndCell_standWhereTheirValuesAre() throws Exception {
    SvgChart chart =
        new SvgChart("t", UNIT, UNIT, 100)
            .promise(0.5, 0.2, "half", 1, true)
            .band(UNIT, new double[] {0, 0}, UNIT, 0)
            .cell(0, 0, 0.75, "on own");
    Element svg = parsed(chart);
    Element point = (Element) svg.getElementsByTagName("circle").item(0);
    assertEquals("251.0", point.getAttribute("cx"));
    assertEquals("94.0", point.getAttribute("cy"));
    assertEquals(2, svg.getElementsByTagName("line").getLength());
    assertEquals(
        "52.0,114.0 450.0,14.0 450.0,114.0 52.0,114.0",
        ((Element) svg.getElementsByTagName("polygon").item(0)).getAttribute("points"));
    Element cell = (Element) svg.getElementsByTagName("rect").item(0);
    assertEquals("0.35", cell.getAttribute("opacity"));
    assertTrue(cell.getTextContent().contains("on own: 0.750"));
  }

  /** 0.6 in five parts would be 0.12 each, which one digit writes as 0.1, 0.2, 0.4. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.6, 0.0 0.1 0.2 0.3 0.4 0.5 0.6",
    "0, 0.61, 0.0 0.2 0.4 0.6",
    "0, 1, 0.0 0.2 0.4 0.6 0.8 1.0",
    "0.4, 0.8, 0.4 0.5 0.6 0.7 0.8",
    "0, 29, 0 5 10 15 20 25",
    "0, 25, 0 5 10 15 20 25",
    "-0.3, 4.8, 0 1 2 3 4",
    "0, 0.012, 0.000 0.002 0.004 0.006 0.008 0.010 0.012",
    "0, 30, 0 5 10 15 20 25 30",
    "-1, 1, -1.0 -0.5 0.0 0.5 1.0"
  })
  void ticks_areWrittenAsTheyStand(double low, double high, String expected) {
    SvgChart.Ticks ticks = SvgChart.Ticks.of(new double[] {low, high});
    String written =
        DoubleStream.of(ticks.values()).mapToObj(ticks::text).collect(Collectors.joining(" "));
    assertEquals(expected, written);
    for (double value : ticks.values()) {
      assertEquals(value, Double.parseDouble(ticks.text(value)), 1e-9 * (high - low));
    }
  }

  private static String text(Element svg, String tag, int index) {
    return svg.getElementsByTagName(tag).item(index).getTextContent();
  }

  private static Element parsed(SvgChart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.svg())))
        .getDocumentElement();
  }
}
