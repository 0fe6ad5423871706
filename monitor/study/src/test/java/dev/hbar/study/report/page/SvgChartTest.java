package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
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
