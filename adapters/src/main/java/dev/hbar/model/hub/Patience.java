package dev.hbar.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a request is tried again: a few times without any progress, each after twice the time,
 * or after what the server asks for.
 */
final class Patience {
  private static final Pattern WINDOW = Pattern.compile("r=0\\s*;\\s*t=(\\d{1,9})");

  private final HubSettings settings;
  private final Retries retries;
  private final PullWatch watch;
  private int failures;

  /**
   * The bounds.
   *
   * @param most tries again without progress in between
   * @param first the pause before the first of them
   * @param longest that is waited because a server asks for it
   * @param silence after which an open connection counts as cut
   */
  record Retries(int most, Duration first, Duration longest, Duration silence) {
    static final Retries USUAL =
        new Retries(5, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(30));
  }

  Patience(HubSettings settings, Retries retries, PullWatch watch) {
    this.settings = settings;
    this.retries = retries;
    this.watch = watch;
  }

  Duration silence() {
    return retries.silence();
  }

  /** Something came: the next failure is a first one again. */
  void progressed() {
    failures = 0;
  }

  /** A request that is worth another try: returns after the pause. */
  void failed(IOException failure) {
    Pause.check(watch);
    String reason = NetworkFault.describe(failure);
    if (++failures > retries.most()) {
      throw new HubException(
          "%s, at %s (%s tries): check the network, then pull again: it resumes where it stopped"
              .formatted(reason, settings.endpoint(), failures),
          failure);
    }
    pause(reason, retries.first().multipliedBy(1L << (failures - 1)));
  }

  /** An answer that is worth another try (408, 429, 5xx): returns after the pause. */
  void refused(HubRequests.Answer answer) {
    int status = answer.status();
    String reason = "the server answers " + status;
    Optional<Duration> asked =
        answer.header("Retry-After").flatMap(Patience::duration).or(() -> windowEnd(answer));
    if (++failures > retries.most()
        || asked.filter(time -> time.compareTo(retries.longest()) > 0).isPresent()) {
      throw new HubException(
          "%s%s, at %s: pull again later: it resumes where it stopped"
              .formatted(
                  status == 429 ? "too many requests" : reason,
                  asked.map(time -> ", try again in " + time.toSeconds() + " s").orElse(""),
                  settings.endpoint()));
    }
    pause(reason, asked.orElse(retries.first().multipliedBy(1L << (failures - 1))));
  }

  static boolean isPassing(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private void pause(String reason, Duration time) {
    watch.retrying(reason, time.toSeconds());
    Pause.of(watch, time.toMillis());
  }

  /** The hub's way to say it when too many requests came: {@code RateLimit: "api";r=0;t=55}. */
  private static Optional<Duration> windowEnd(HubRequests.Answer answer) {
    return answer
        .header("RateLimit")
        .map(WINDOW::matcher)
        .filter(Matcher::find)
        .map(left -> Duration.ofSeconds(Long.parseLong(left.group(1))));
  }

  /** Seconds, or a date. */
  private static Optional<Duration> duration(String retryAfter) {
    String text = retryAfter.strip();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), then);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }
}
