package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.parquet.Column;
import dev.hbar.study.statistics.GradeAgreement;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradesTableTest {
  private static final List<GradeAgreement.Cut> CUTS =
      List.of(new GradeAgreement.Cut(0.5, 7, 0.75), new GradeAgreement.Cut(1, 3, 0.625));

  private static final List<GradeAgreement> GRADED =
      List.of(
          new GradeAgreement("probe", 0.7, 0.6, 0.8, 0.03, 0.41, 0.3, CUTS),
          new GradeAgreement("length", 0.5, 0.4, 0.6, 1, -0.02, Double.NaN, CUTS));

  @Test
  void gradedLabels_areALineForEachScoreWithItsCuts() {
    String csv = HtmlPage.Section.Table.ofGrades("grades0", "qa", "hbar summary", GRADED).csv();
    List<String> lines = csv.lines().toList();
    assertEquals(3, lines.size(), csv);
    assertTrue(lines.get(0).endsWith("\"AUROC from 0.5 (7)\",\"AUROC from 1.0 (3)\""), csv);
    assertTrue(lines.get(1).startsWith("\"probe\",\"0.700 [0.600, 0.800]\",\"0.03"), csv);
    assertTrue(lines.get(1).endsWith("\"+0.410\",\"+0.300\",\"0.750\",\"0.625\""), csv);
    assertTrue(lines.get(2).startsWith("\"length\",\"0.500 [0.400, 0.600]\""), csv);
  }

  @Test
  void gradedLabels_standOnThePage() {
    HtmlPage.Section.Table table =
        HtmlPage.Section.Table.ofGrades("grades0", "qa", "hbar summary", GRADED);
    String page =
        new HtmlPage()
            .render(
                "Title",
                new FirstScreen("about", "verdict", List.of(), List.of(), "key", List.of()),
                "Lead",
                List.of(new HtmlPage.Section("Grades", List.of(), List.of(), List.of(table))));
    assertTrue(page.contains("Graded labels, qa: how often"), page);
    assertTrue(page.contains("0.700 [0.600, 0.800]"), page);
  }

  @Test
  void columnOfNumbersAlone_isOneInParquetToo() {
    HtmlPage.Section.Table table =
        new HtmlPage.Section.Table(
            "t",
            "caption",
            "",
            List.of("signal", "samples", "AUROC", "95 %", "PRI", "95 %"),
            List.of(List.of("hbar", 40, 0.5, "a", 1, "b"), List.of("pri", 41L, "-", "c", 2, "d")));
    List<Column> columns = table.parquet();
    assertEquals(new Column.Texts("signal", List.of("hbar", "pri")), columns.get(0));
    assertEquals(new Column.Texts("AUROC", List.of("0.5", "-")), columns.get(2));
    assertEquals(new Column.Texts("AUROC 95 %", List.of("a", "c")), columns.get(3));
    assertEquals(new Column.Texts("PRI 95 %", List.of("b", "d")), columns.get(5));
    Column.Numbers samples = (Column.Numbers) columns.get(1);
    assertEquals("samples", samples.name());
    assertArrayEquals(new double[] {40, 41}, samples.values());
  }
}
