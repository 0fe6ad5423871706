package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.RiskCoverage;
import dev.hbar.study.statistics.ThresholdCounts;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class DetectorChartsTest {
  private static final int TOP = 14;
  private static final int BOTTOM = TOP + 300;

  @Test
  void wrongWayRound_staysInsideTheChart() {
    ThresholdCounts counts =
        new Ranking(new double[] {1, 2, 3, 4}, new int[] {1, 1, 0, 0}).counts();
    DetectorsOnData.Curve curve =
        new DetectorsOnData.Curve(
            "inverted",
            false,
            ThresholdCounts.RocCurve.of(counts),
            RiskCoverage.of(counts),
            List.of());
    String svg =
        DetectorCharts.riskCoverage(
            "t", new DetectorsOnData.Subset(List.of(), List.of(curve, curve)));
    assertEquals(TOP, heights(svg).min().orElseThrow(), "all wrong among the first kept");
  }

  @Test
  void blocksBelowTheUsualScale_stayInsideTheChart() {
    TaskAssessment.Separation figure =
        new TaskAssessment.Separation("block.0", 0.5, 0.25, 0.75, 0.5);
    List<LayerProfile.Block> blocks =
        List.of(new LayerProfile.Block(figure, 0.3), new LayerProfile.Block(figure, 0.5));
    String svg =
        DetectorCharts.layers(new LayerProfile("probe", "mean-answer", 4, blocks, figure, figure));
    assertTrue(heights(svg).max().orElseThrow() <= BOTTOM, svg);
  }

  @Test
  void drawingAlone_isADocumentWithItsColours() throws Exception {
    SvgChart chart =
        new SvgChart("a < b", new double[] {0, 1}, new double[] {0, 1}, 100).axes("x", "y");
    String alone = HtmlPage.alone(new HtmlPage.Section.Drawing("caption", chart.svg()));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Element root =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(alone)))
            .getDocumentElement();
    assertEquals("http://www.w3.org/2000/svg", root.getNamespaceURI());
    String style = root.getElementsByTagName("style").item(0).getTextContent();
    assertTrue(style.contains("--c0: #0072b2"), style);
    assertTrue(!style.contains("prefers-color-scheme: dark"), "a picture for a white page");
  }

  /** Of the points of all lines. */
  private static DoubleStream heights(String svg) {
    return Pattern.compile("points=\"([^\"]*)\"")
        .matcher(svg)
        .results()
        .flatMap(line -> Pattern.compile(" ").splitAsStream(line.group(1)))
        .mapToDouble(point -> Double.parseDouble(point.split(",")[1]));
  }
}
