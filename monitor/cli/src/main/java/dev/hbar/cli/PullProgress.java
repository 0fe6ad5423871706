package dev.hbar.cli;

import dev.hbar.model.hub.PullWatch;
import dev.hbar.model.hub.PulledFile;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a pull in megabytes, a small one in kilobytes, and each file in a line of its own where
 * stderr is no terminal.
 */
final class PullProgress implements PullWatch, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PullProgress.class);
  private static final long KILOBYTE = 1000;
  private static final long MEGABYTE = 1_000_000;

  private final String model;
  private final Terminal terminal;
  private final PrintWriter err;
  private final Interrupts interrupts;
  private Optional<Progress> shown = Optional.empty();
  private long unit = MEGABYTE;
  private long last = -1;

  PullProgress(String model, Terminal terminal, PrintWriter err, Interrupts interrupts) {
    this.model = model;
    this.terminal = terminal;
    this.err = err;
    this.interrupts = interrupts;
  }

  @Override
  public boolean stopRequested() {
    return interrupts.requested();
  }

  @Override
  public void waiting() {
    err.println("pull: another pull of " + model + " is going on, waiting for its end");
  }

  @Override
  public void listed(int files, long presentBytes, long totalBytes) {
    err.printf(
        Locale.ROOT,
        "pull: %s, %s files, %s%s%n",
        model,
        files,
        size(totalBytes),
        presentBytes == 0 ? "" : ", of which " + size(presentBytes) + " are here");
    if (presentBytes < totalBytes) {
      unit = totalBytes < 10 * MEGABYTE ? KILOBYTE : MEGABYTE;
      shown =
          Optional.of(
              Progress.open(
                  terminal,
                  System.err,
                  "pull",
                  unit == MEGABYTE ? "MB" : "kB",
                  presentBytes / unit,
                  totalBytes / unit));
    }
  }

  @Override
  public void advanced(long presentBytes) {
    long units = presentBytes / unit;
    if (units != last) {
      last = units;
      shown.ifPresent(progress -> progress.update(units, ""));
    }
  }

  @Override
  public void finished(PulledFile file) {
    LOG.debug("{}: {} bytes, {} received", file.path(), file.bytes(), file.received());
    if (!terminal.err() && file.received() > 0) {
      err.printf("pull: %s (%s) is complete%n", file.path(), size(file.bytes()));
    }
  }

  @Override
  public void retrying(String reason, long seconds) {
    LOG.info("{}: trying again in {} s", reason, seconds);
    if (!terminal.err()) {
      err.printf("pull: %s, trying again in %s s%n", reason, seconds);
    }
  }

  @Override
  public void close() {
    shown.ifPresent(Progress::close);
    shown = Optional.empty();
  }

  private static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
