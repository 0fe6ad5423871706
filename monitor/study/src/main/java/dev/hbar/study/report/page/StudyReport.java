package dev.hbar.study.report.page;

import dev.hbar.study.StudyException;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The report on a study: one self-contained HTML page, and next to it a folder with every picture
 * as SVG and PNG, every table as CSV, and all tables in one JSON file.
 */
public final class StudyReport {
  private static final String LEAD =
      "Everything here is computed from the score files. Under each table is the command that gives"
          + " the same figures, to be run in the folder of the score files; a click on a heading"
          + " sorts it. hbar summary FILE --sample ID prints the line of one sample. Every picture"
          + " and table is also in the folder beside this page.";

  private final Study study;
  private final List<HtmlPage.Section> sections;

  private StudyReport(Study study) {
    SignalSections signals = new SignalSections(study);
    CurveSections curves = new CurveSections(study);
    DistributionSections distributions = new DistributionSections(study);
    CalibrationSections calibrations = new CalibrationSections(study);
    ProvenanceSections provenance = new ProvenanceSections(study);
    this.study = study;
    this.sections =
        List.of(
            signals.summary(),
            curves.rankings(),
            distributions.byToken(),
            distributions.bySample(),
            calibrations.quadrants(),
            new ModelsSection(study).section(),
            new PairedSection(study).section(),
            calibrations.transfer(),
            curves.reliability(),
            signals.allSignals(),
            provenance.cost(),
            provenance.method());
  }

  /**
   * Computes the report from the scores in a folder.
   *
   * @throws Calibration.UnusableScores if it holds no usable model
   * @throws dev.hbar.study.StudyException naming file and line of a broken score file
   */
  public static StudyReport of(Path folder, Bootstrap.Settings settings) {
    return new StudyReport(Study.read(folder, settings));
  }

  /** Number of models. */
  public int models() {
    return study.models().size();
  }

  /** The folder of pictures and tables that belongs to a page. */
  public static Path files(Path page) {
    return PageFiles.folder(page);
  }

  /**
   * Writes the page and its folder.
   *
   * @throws StudyException if that fails
   */
  public void write(Path page) {
    PageFiles.write(page, html(), sections);
  }

  private String html() {
    String names = study.models().stream().map(Study.Model::name).collect(Collectors.joining(", "));
    return new HtmlPage()
        .render(
            "How unsure is the model? " + names, new StudyFindings(study).screen(), LEAD, sections);
  }
}
