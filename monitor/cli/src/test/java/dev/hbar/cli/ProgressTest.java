package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintWriter err = new PrintWriter(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanos = new AtomicLong(-5);

  @Test
  void plainLines_comeEveryTenSecondsWithTheTimeLeft() {
    try (Progress.Lines progress =
        new Progress.Lines(err, "score", "samples", 10, 40, nanos::get)) {
      progress.update(10, "");
      seconds(2);
      progress.update(12, "");
      seconds(10);
      progress.update(20, "1 failed");
      seconds(3);
      progress.update(40, "1 failed");
    }
    assertEquals(
        List.of(
            "score: 10 of 40 samples",
            "score: 20 of 40 samples, 1.20 s each, about 24 s left, 1 failed",
            "score: 40 of 40 samples, 0.50 s each, 1 failed"),
        lines());
  }

  @Test
  void megabytes_haveASpeed() {
    try (Progress.Lines progress = new Progress.Lines(err, "pull", "MB", 100, 400, nanos::get)) {
      seconds(10);
      progress.update(150, "");
    }
    assertEquals(List.of("pull: 150 of 400 MB, 5.0 MB/s, about 50 s left"), lines());
  }

  @Test
  void longRuns_areGivenInMinutesAndHours() {
    try (Progress.Lines progress =
        new Progress.Lines(err, "score", "samples", 0, 1000, nanos::get)) {
      seconds(10);
      progress.update(10, "");
      seconds(100);
      progress.update(11, "");
    }
    assertTrue(lines().get(0).endsWith("about 17 min left"), lines().get(0));
    assertTrue(lines().get(1).endsWith("10.00 s each, about 2 h 45 min left"), lines().get(1));
  }

  @Test
  void withoutATerminal_openGivesPlainLines() {
    try (Progress progress = Progress.open(environment(Terminal.NONE), "score", "samples", 0, 2)) {
      progress.update(2, "");
    }
    assertTrue(lines().getFirst().startsWith("score: 2 of 2 samples"), lines().toString());
  }

  @Test
  void onATerminal_openGivesABarWithTheNumbers() {
    try (Progress progress =
        Progress.open(environment(new Terminal(true, true)), "score", "samples", 1, 4)) {
      progress.update(3, "1 failed");
    }
    assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("3/4"), bytes.toString());
  }

  @Test
  void messageBesideABar_takesItsLine() {
    Environment environment = environment(new Terminal(true, true));
    environment.err().println("before");
    try (Progress progress = Progress.open(environment, "score", "samples", 1, 4)) {
      progress.update(2, "");
      environment.err().println("a rank was lost");
      environment.err().print("two");
      environment.err().println(" parts");
    }
    environment.err().println("after");
    String shown = bytes.toString(StandardCharsets.UTF_8);
    String erased = "\r\u001b[K";
    assertTrue(shown.startsWith("before\n"), shown);
    assertTrue(shown.contains(erased + "a rank was lost\n"), shown);
    assertTrue(shown.contains(erased + "two parts\n"), shown);
    assertTrue(shown.endsWith("\nafter\n") && !shown.contains(erased + "after"), shown);
  }

  @Test
  void barClosedAtOnce_endsItsLine() {
    Environment environment = environment(new Terminal(true, true));
    for (int i = 0; i < 50; i++) {
      Progress.open(environment, "score", "samples", 0, 4).close();
      assertTrue(bytes.toString(StandardCharsets.UTF_8).endsWith("\n"), "opening " + i);
    }
  }

  @Test
  void longComputation_saysThatItGoesOn() {
    CountDownLatch told = new CountDownLatch(1);
    PrintWriter waited =
        new PrintWriter(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            told.countDown();
          }
        };
    int result =
        Working.on(
            waited,
            "report",
            Duration.ofMillis(1),
            () -> {
              awaitQuietly(told);
              return 7;
            });
    assertEquals(7, result);
    assertEquals("report: computing for 0 s", lines().getFirst());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS), "nothing was said");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Environment environment(Terminal terminal) {
    return new Environment(
        Map.of(),
        InputStream.nullInputStream(),
        new PrintStream(OutputStream.nullOutputStream()),
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        terminal,
        nanos::get);
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private void seconds(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
