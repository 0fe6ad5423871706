package dev.hbar.study.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.report.page.FirstScreen.Tone;
import dev.hbar.study.statistics.LikelihoodRatio;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DetectorFindingsTest {
  private static final String UNDECIDED = TaskAssessment.CANNOT_TELL + " (would need 300)";

  @Test
  void detectorThatKnows_isNamedWithTheSetsOnWhichItDoes() {
    FirstScreen screen =
        screen(
            set("dialogue", "matched", one("probe, block.20", 0.75, TaskAssessment.KNOWS), no(0.6)),
            set("qa", "all", one("probe, block.20", 0.97, TaskAssessment.NO_MORE), no(0.98)));
    assertEquals(
        "probe (on 1 of 2 sets of answers) knows more about right and wrong than the answers'"
            + " surface shows",
        screen.verdict());
    assertEquals(List.of(Tone.FOR, Tone.AGAINST), tones(screen));
    assertEquals("dialogue, matched: probe, block.20, the highest of 2", name(screen, 0));
    assertEquals("qa, all: length, the highest of 2", name(screen, 1));
    assertEquals("surface alone 0.518, words alone 0.600", screen.figures().get(0).against());
    assertEquals(0.75, screen.figures().get(0).area());
  }

  @Test
  void panels_showDetectorsThenControlsAndNoSignal() {
    FirstScreen screen =
        screen(
            set("qa", "all", one("a", 0.7, UNDECIDED), no(0.6)),
            set("qa", "matched", no(0.5), no(0.4)));
    List<Panel.Row> rows = screen.panels().get(0).rows();
    assertEquals(
        List.of("a", "length", "surface", "bag"), rows.stream().map(Panel.Row::name).toList());
    assertEquals(
        List.of(false, false, true, true), rows.stream().map(Panel.Row::baseline).toList());
  }

  @Test
  void nothingShown_differsFromShownToBeNothing() {
    String open = "No detector is shown to know more than the answers' surface shows";
    assertEquals(open, screen(set("qa", "all", no(0.6), one("a", 0.7, UNDECIDED))).verdict());
    assertEquals(
        "No detector knows more than the answers' surface shows",
        screen(set("qa", "all", no(0.6), no(0.7))).verdict());
    assertEquals(
        "The detector knows no more than the answers' surface shows",
        screen(set("qa", "all", no(0.6))).verdict());
    assertEquals(
        "The detector is not shown to know more than the answers' surface shows",
        screen(set("qa", "all", one("a", 0.7, UNDECIDED))).verdict());
  }

  @Test
  void screen_isSafeInAPage() {
    String html = screen(set("a<b", "all", no(0.6), no(0.7))).html("lead");
    assertTrue(html.contains("a&lt;b, all"), html);
    assertTrue(html.contains("<p class=\"big\">0.700</p><p>AUROC, 95 % [0.600, 0.800]</p>"), html);
  }

  private static FirstScreen screen(DetectorsOnData.Subset... subsets) {
    List<DetectorsOnData> data =
        List.of(new DetectorsOnData("states", List.of(), List.of(subsets)));
    return new DetectorFindings("tiny", data).screen();
  }

  private static DetectorsOnData.Subset set(String task, String subset, TaskAssessment... found) {
    List<TaskAssessment> named =
        Stream.of(found)
            .map(
                each ->
                    new TaskAssessment(
                        task,
                        subset,
                        each.samples(),
                        each.records(),
                        each.figures(),
                        List.of(),
                        each.likelihoodRatio(),
                        List.of(),
                        each.verdict()))
            .toList();
    return new DetectorsOnData.Subset(named, List.of());
  }

  private static TaskAssessment no(double area) {
    return one("length", area, TaskAssessment.NO_MORE);
  }

  private static TaskAssessment one(String name, double area, String verdict) {
    List<TaskAssessment.Separation> figures =
        List.of(
            figure(name, area), figure("surface", 0.518), figure("bag", 0.6), figure("pri", 0.5));
    return new TaskAssessment(
        "qa", "all", 120, 60, figures, List.of(), new LikelihoodRatio(1, 0.3), List.of(), verdict);
  }

  private static TaskAssessment.Separation figure(String name, double area) {
    return new TaskAssessment.Separation(name, area, area - 0.1, area + 0.1, area);
  }

  private static List<Tone> tones(FirstScreen screen) {
    return screen.figures().stream().map(FirstScreen.Figure::tone).toList();
  }

  private static String name(FirstScreen screen, int figure) {
    return screen.figures().get(figure).name();
  }
}
