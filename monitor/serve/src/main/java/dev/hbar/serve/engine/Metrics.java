package dev.hbar.serve.engine;

import dev.hbar.monitor.generation.GeneratedToken;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters since the start, in the text format of Prometheus. Names begin with {@code hbar_}; no
 * text of a request is in them. Any thread.
 */
public final class Metrics {
  /** Upper bounds of the histogram of surprise, nats; the last bucket is open. */
  private static final double[] SURPRISE = {0.1, 0.25, 0.5, 1, 2, 4, 8, 16};

  private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> surprise = new ConcurrentSkipListMap<>();

  /** Counts of values up to each bound. */
  private static final class Histogram {
    private final LongAdder[] counts = new LongAdder[SURPRISE.length + 1];
    private final DoubleAdder sum = new DoubleAdder();

    private Histogram() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    private void add(double value) {
      int bucket = 0;
      while (bucket < SURPRISE.length && value > SURPRISE[bucket]) {
        bucket++;
      }
      counts[bucket].increment();
      sum.add(value);
    }

    private void write(StringBuilder text, String model) {
      long below = 0;
      for (int i = 0; i < counts.length; i++) {
        below += counts[i].sum();
        String bound = i < SURPRISE.length ? Double.toString(SURPRISE[i]) : "+Inf";
        line(
            text,
            "hbar_surprise_bucket{" + label("model", model) + ",le=\"" + bound + "\"}",
            below);
      }
      line(text, "hbar_surprise_sum{" + label("model", model) + "}", sum.sum());
      line(text, "hbar_surprise_count{" + label("model", model) + "}", below);
    }
  }

  /** A request was answered. */
  public void request(String path, int status) {
    add("hbar_requests_total{" + label("path", path) + ",status=\"" + status + "\"}", 1);
  }

  /** A prompt was taken. */
  void prompt(String model, int tokens) {
    add("hbar_prompt_tokens_total{" + label("model", model) + "}", tokens);
  }

  /** An answer is whole. */
  void answer(String model, Job.Answer answer) {
    add(
        "hbar_generated_tokens_total{" + label("model", model) + "}",
        answer.result().tokens().size());
    add("hbar_reused_prompt_tokens_total{" + label("model", model) + "}", answer.reusedTokens());
    add(
        "hbar_answers_total{"
            + label("model", model)
            + ",stop=\""
            + answer.result().stop().id()
            + "\"}",
        1);
    Histogram histogram = surprise.computeIfAbsent(model, of -> new Histogram());
    for (GeneratedToken token : answer.result().trajectory()) {
      histogram.add(token.signals().surprise());
    }
  }

  private void add(String series, long count) {
    counters.computeIfAbsent(series, of -> new LongAdder()).add(count);
  }

  /**
   * Everything as text.
   *
   * @param gauges what is true now, by name
   */
  public String text(Map<String, Number> gauges) {
    StringBuilder text = new StringBuilder();
    String last = "";
    for (Map.Entry<String, LongAdder> counter : counters.entrySet()) {
      String name = counter.getKey().substring(0, counter.getKey().indexOf('{'));
      if (!name.equals(last)) {
        text.append("# TYPE ").append(name).append(" counter\n");
        last = name;
      }
      line(text, counter.getKey(), counter.getValue().sum());
    }
    if (!surprise.isEmpty()) {
      text.append("# TYPE hbar_surprise histogram\n");
      surprise.forEach((model, histogram) -> histogram.write(text, model));
    }
    gauges.forEach(
        (name, value) -> {
          text.append("# TYPE ").append(name).append(" gauge\n");
          line(text, name, value);
        });
    return text.toString();
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  private static void line(StringBuilder text, String series, Number value) {
    String shown =
        value instanceof Double d ? String.format(Locale.ROOT, "%.6g", d) : value.toString();
    text.append(series).append(' ').append(shown).append('\n');
  }
}
