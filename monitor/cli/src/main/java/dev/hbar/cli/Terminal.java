package dev.hbar.cli;

import java.util.Arrays;
import java.util.Map;

/**
 * What the process is connected to.
 *
 * @param in whether stdin is a terminal
 * @param out whether stdout is a terminal
 * @param err whether stderr is a terminal
 */
record Terminal(boolean in, boolean out, boolean err) {
  /** No terminal: what a pipe, a test or a cron job sees. */
  static final Terminal NONE = new Terminal(false, false);

  /** Where what is typed does not count. */
  Terminal(boolean out, boolean err) {
    this(false, out, err);
  }

  /**
   * As the launcher saw it: Java itself only knows about stdin and stdout together.
   *
   * @param seen the sum of 1 for stdout, 2 for stderr and 4 for stdin, each where it is a terminal;
   *     anything else is no terminal
   */
  static Terminal of(String seen) {
    int sum = seen.matches("[0-7]") ? seen.charAt(0) - '0' : 0;
    return new Terminal((sum & 4) != 0, (sum & 1) != 0, (sum & 2) != 0);
  }

  /** The colours for stdout: none unless it is a terminal that wants them. */
  Palette palette(Map<String, String> environment) {
    // https://no-color.org: set and not empty means no.
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    if (!out || refused || "dumb".equals(environment.get("TERM"))) {
      return Palette.PLAIN;
    }
    String depth = environment.getOrDefault("COLORTERM", "");
    return depth.equals("truecolor") || depth.equals("24bit") ? Palette.TRUE : Palette.INDEXED;
  }

  /**
   * Colours of tokens. By risk: green text, plain text, then a background from amber to red. By
   * surprise, which is no risk: a background from none to dark violet.
   */
  enum Palette {
    /** No colours at all. */
    PLAIN,
    /** The 256 indexed colours. */
    INDEXED,
    /** 24-bit colours. */
    TRUE;

    private static final String RESET = "\u001b[0m";

    /** Surprise of the darkest colour: a token that had one chance in 400. */
    static final int MOST_NATS = 6;

    private static final double CALM = 0.25;
    private static final double WARM = 0.5;
    private static final int[] AMBER = {255, 200, 60};
    private static final int[] RED = {200, 0, 0};
    private static final int[] PALE = {236, 230, 245};
    private static final int[] VIOLET = {94, 60, 153};
    private static final int[] INDEXED_VIOLETS = {189, 183, 140, 97, 54};
    private static final double EXPECTED = 1.0 / 6;
    private static final int[] INDEXED_BACKGROUNDS = {222, 215, 208, 202, 160};

    /**
     * The text with the colour of its risk.
     *
     * @param text a piece of generated text, may hold line ends
     * @param risk in [0, 1]
     */
    String paint(String text, double risk) {
      return paint(text, colour(Math.clamp(risk, 0.0, 1.0)));
    }

    /**
     * The text with the neutral colour of its surprise: none below 1 nat, darkest from {@value
     * #MOST_NATS} nats on.
     */
    String paintSurprise(String text, double nats) {
      double share = Math.clamp(nats / MOST_NATS, 0.0, 1.0);
      if (this == PLAIN || share < EXPECTED) {
        return text;
      }
      double depth = (share - EXPECTED) / (1 - EXPECTED);
      String background =
          this == TRUE
              ? mixed(PALE, VIOLET, depth)
              : "\u001b[48;5;%sm"
                  .formatted(
                      INDEXED_VIOLETS[(int) Math.round(depth * (INDEXED_VIOLETS.length - 1))]);
      return paint(text, background + (depth < WARM ? "\u001b[30m" : "\u001b[97m"));
    }

    private static String paint(String text, String colour) {
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
      String background = this == TRUE ? mixed(AMBER, RED, heat) : indexedBackground(heat);
      return background + (heat < WARM ? "\u001b[30m" : "\u001b[97m");
    }

    private static String mixed(int[] from, int[] to, double share) {
      long[] mix = new long[3];
      Arrays.setAll(mix, i -> Math.round(from[i] + share * (to[i] - from[i])));
      return "\u001b[48;2;%s;%s;%sm".formatted(mix[0], mix[1], mix[2]);
    }

    private static String indexedBackground(double heat) {
      int last = INDEXED_BACKGROUNDS.length - 1;
      return "\u001b[48;5;%sm".formatted(INDEXED_BACKGROUNDS[(int) Math.round(heat * last)]);
    }
  }
}
