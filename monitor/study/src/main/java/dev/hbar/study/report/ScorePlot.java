package dev.hbar.study.report;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.StudyException;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.plot.ChartStyle;
import dev.hbar.study.plot.DistributionChart;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.scores.ScoreColumns;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The distributions of hbar and PRI by label, side by side, as a picture. */
public final class ScorePlot {
  private static final int PANEL_WIDTH = 860;
  private static final int PANEL_HEIGHT = 620;
  private static final int PANEL_TOP = 140;

  private static final List<Panel> PANELS =
      List.of(
          new Panel(
              Signal.HBAR.id(), "Semantic uncertainty", "hbar (mean of the 5 largest tokens)"),
          new Panel(
              Signal.PRI.id(), "Predictive Rupture Index", "PRI in nats (mean of the 5 largest)"));

  private record Panel(String signal, String name, String axis) {}

  private ScorePlot() {}

  /**
   * Draws the plot of a score file.
   *
   * @param evidence on the columns; empty if they lack a label
   * @param file to write, replaced if it exists; .png, .svg or .pdf
   * @throws StudyException if the file holds no score at all, or the picture cannot be written
   */
  public static void write(ScoreColumns columns, Optional<Evidence> evidence, Path file) {
    // Before the first AWT class: no display is needed, also where one is configured.
    System.setProperty("java.awt.headless", "true");
    if (columns.size() == 0) {
      throw new StudyException(
          "nothing to plot: no sample in the file has a score; leave --plot out");
    }
    Plot plot =
        new Plot(
            PANELS.size() * PANEL_WIDTH,
            PANEL_TOP + PANEL_HEIGHT,
            canvas -> {
              heading(canvas, columns);
              for (int i = 0; i < PANELS.size(); i++) {
                panel(canvas, columns, evidence, PANELS.get(i), i);
              }
            });
    plot.write(file);
  }

  private static void heading(Graphics2D graphics, ScoreColumns columns) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 2 * PANEL_WIDTH, PANEL_TOP + PANEL_HEIGHT);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    String selection =
        columns.origin().run().map(run -> " on " + run.selection().words()).orElse("");
    String text =
        "%s%s, n = %s".formatted(columns.origin().checkpoint(), selection, columns.size());
    centred(graphics, text, PANEL_WIDTH, 40, ChartStyle.font(Font.BOLD, 26));
  }

  private static void centred(Graphics2D graphics, String text, int x, int y, Font font) {
    graphics.setColor(Color.DARK_GRAY);
    graphics.setFont(font);
    graphics.drawString(text, x - graphics.getFontMetrics().stringWidth(text) / 2, y);
  }

  private static void panel(
      Graphics2D graphics,
      ScoreColumns columns,
      Optional<Evidence> evidence,
      Panel panel,
      int column) {
    int centre = column * PANEL_WIDTH + PANEL_WIDTH / 2;
    centred(graphics, panel.name(), centre, 88, ChartStyle.font(Font.BOLD, 21));
    String says =
        evidence
            .flatMap(all -> all.signal(panel.signal()))
            .map(
                one ->
                    "AUROC%s %s: %s"
                        .formatted(
                            columns.tasks().size() > 1 ? " within tasks" : "",
                            NumberText.estimate(one.within()),
                            one.words()))
            .orElse(Judgement.Verdict.UNDEFINED.words());
    centred(graphics, says, centre, 118, ChartStyle.font(Font.PLAIN, 19));
    Graphics2D canvas = (Graphics2D) graphics.create();
    canvas.translate(column * PANEL_WIDTH, PANEL_TOP);
    DistributionChart.draw(
        canvas,
        columns.column(panel.signal(), 0),
        columns.column(panel.signal(), 1),
        panel.axis(),
        PANEL_WIDTH,
        PANEL_HEIGHT);
    canvas.dispose();
  }
}
