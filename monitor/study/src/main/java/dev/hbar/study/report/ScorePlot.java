package dev.hbar.study.report;

import dev.hbar.study.evidence.SignalSummary;
import dev.hbar.study.evidence.SignalValues;
import dev.hbar.study.plot.ChartStyle;
import dev.hbar.study.plot.PlotException;
import dev.hbar.study.plot.PngFile;
import dev.hbar.study.plot.SignalPanel;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoredSignal;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** The distributions of hbar and PRI by label, side by side, as a PNG. */
public final class ScorePlot {
  private static final int PANEL_WIDTH = 860;
  private static final int PANEL_HEIGHT = 620;
  private static final int PANEL_TOP = 140;

  private ScorePlot() {}

  /**
   * Draws the plot of a score file.
   *
   * @param png the file to write, replaced if it exists
   * @throws PlotException if the file holds no score at all, or the picture cannot be written
   */
  public static void write(ScoreFile file, Path png) {
    // Before the first AWT class: no display is needed, also where one is configured.
    System.setProperty("java.awt.headless", "true");
    SignalValues hbar = new SignalValues(ScoredSignal.HBAR, file.scores());
    SignalValues pri = new SignalValues(ScoredSignal.PRI, file.scores());
    int samples = hbar.right().length + hbar.hallucinated().length;
    if (samples == 0) {
      throw new PlotException("nothing to plot: no sample in the file has a score");
    }
    BufferedImage image = canvas();
    Graphics2D graphics = image.createGraphics();
    try {
      heading(graphics, file, samples);
      panel(graphics, hbar, "Semantic uncertainty", "hbar (mean of the 5 largest tokens)", 0);
      panel(graphics, pri, "Predictive Rupture Index", "PRI in nats (mean of the 5 largest)", 1);
    } finally {
      graphics.dispose();
    }
    PngFile.write(image, png);
  }

  private static BufferedImage canvas() {
    return new BufferedImage(2 * PANEL_WIDTH, PANEL_TOP + PANEL_HEIGHT, BufferedImage.TYPE_INT_RGB);
  }

  private static void heading(Graphics2D graphics, ScoreFile file, int samples) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 2 * PANEL_WIDTH, PANEL_TOP + PANEL_HEIGHT);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    String text =
        "%s on %s, n = %d"
            .formatted(file.header().checkpoint(), file.header().selection().words(), samples);
    centred(graphics, text, PANEL_WIDTH, 40, ChartStyle.font(Font.BOLD, 26));
  }

  private static void centred(Graphics2D graphics, String text, int x, int y, Font font) {
    graphics.setColor(Color.DARK_GRAY);
    graphics.setFont(font);
    graphics.drawString(text, x - graphics.getFontMetrics().stringWidth(text) / 2, y);
  }

  private static void panel(
      Graphics2D graphics, SignalValues values, String name, String axis, int column) {
    SignalSummary summary = values.summary();
    String auroc = summary.auroc().map(ScoreTable::auroc).orElse("undefined");
    int centre = column * PANEL_WIDTH + PANEL_WIDTH / 2;
    centred(graphics, name, centre, 88, ChartStyle.font(Font.BOLD, 21));
    String says = "AUROC %s: %s".formatted(auroc, summary.verdict().words());
    centred(graphics, says, centre, 118, ChartStyle.font(Font.PLAIN, 19));
    graphics.drawImage(
        SignalPanel.image(values.right(), values.hallucinated(), axis, PANEL_WIDTH, PANEL_HEIGHT),
        column * PANEL_WIDTH,
        PANEL_TOP,
        null);
  }
}
