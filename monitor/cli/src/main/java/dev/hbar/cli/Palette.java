package dev.hbar.cli;

/** Colours of tokens by their risk: green text, plain text, then a background from amber to red. */
enum Palette {
  /** No colours at all. */
  PLAIN,
  /** The 256 indexed colours. */
  INDEXED,
  /** 24-bit colours. */
  TRUE;

  private static final String RESET = "\u001b[0m";
  private static final double CALM = 0.25;
  private static final double WARM = 0.5;
  private static final int[] AMBER = {255, 200, 60};
  private static final int[] RED = {200, 0, 0};
  private static final int[] INDEXED_BACKGROUNDS = {222, 215, 208, 202, 160};

  /**
   * The text with the colour of its risk.
   *
   * @param text a piece of generated text, may hold line ends
   * @param risk in [0, 1]
   */
  String paint(String text, double risk) {
    String colour = colour(Math.clamp(risk, 0.0, 1.0));
    if (colour.isEmpty() || text.isEmpty()) {
      return text;
    }
    // Never across a line end: terminals fill the rest of the line with the background.
    StringBuilder painted = new StringBuilder();
    for (String part : text.splitWithDelimiters("\r?\n", 0)) {
      boolean plain = part.isEmpty() || part.endsWith("\n");
      painted.append(plain ? part : colour + part + RESET);
    }
    return painted.toString();
  }

  private String colour(double risk) {
    if (this == PLAIN || (risk >= CALM && risk < WARM)) {
      return "";
    }
    if (risk < CALM) {
      return "\u001b[32m";
    }
    double heat = (risk - WARM) / (1 - WARM);
    String background = this == TRUE ? trueBackground(heat) : indexedBackground(heat);
    return background + (heat < WARM ? "\u001b[30m" : "\u001b[97m");
  }

  private static String trueBackground(double heat) {
    return "\u001b[48;2;%d;%d;%dm".formatted(mix(0, heat), mix(1, heat), mix(2, heat));
  }

  private static long mix(int channel, double heat) {
    return Math.round(AMBER[channel] + heat * (RED[channel] - AMBER[channel]));
  }

  private static String indexedBackground(double heat) {
    int last = INDEXED_BACKGROUNDS.length - 1;
    return "\u001b[48;5;%dm".formatted(INDEXED_BACKGROUNDS[(int) Math.round(heat * last)]);
  }
}
