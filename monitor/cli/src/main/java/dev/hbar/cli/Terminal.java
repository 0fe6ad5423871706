package dev.hbar.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;

/**
 * What the process is connected to.
 *
 * @param out whether stdout is a terminal
 * @param err whether stderr is a terminal
 */
record Terminal(boolean out, boolean err) {
  private static final String ASK = "n=0; [ -t 1 ] && n=1; [ -t 2 ] && n=$((n+2)); exit $n";

  /** No terminal: what a pipe, a test or a cron job sees. */
  static final Terminal NONE = new Terminal(false, false);

  /** Asks the shell: Java itself only knows about stdin and stdout together. */
  static Terminal detect() {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", ASK)
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.INHERIT)
              .start();
      int answer = shell.waitFor();
      return new Terminal((answer & 1) != 0, (answer & 2) != 0);
    } catch (IOException | OutOfMemoryError e) {
      // No shell, or no thread to wait for it: colours are not worth an error.
      return NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NONE;
    }
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
}
