package dev.hbar.serve.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static Job.Answer answer(double... surprises) {
    List<GeneratedToken> tokens =
        DoubleStream.of(surprises)
            .mapToObj(s -> TokenSignals.of(1, 0.1, 0.2, s, 0.3, 0.1))
            .map(signals -> new GeneratedToken(signals, "a", OptionalDouble.empty(), List.of()))
            .toList();
    return new Job.Answer(
        new GenerationResult(StopReason.LENGTH, tokens, Optional.empty(), "aaaa"),
        "aaaa",
        tokens,
        7);
  }

  @Test
  void countsAndHistogram_areCumulativeInPrometheusForm() {
    Metrics metrics = new Metrics();
    metrics.request("/v1/score", 200);
    metrics.request("/v1/score", 200);
    metrics.request("/v1/score", 429);
    metrics.prompt("a\"b\\c", 10);
    metrics.prompt("a\"b\\c", 5);
    metrics.answer("a\"b\\c", answer(0.1, 0.3, 4, 17));
    String model = "model=\"a\\\"b\\\\c\"";
    String expected =
        """
        # TYPE hbar_answers_total counter
        hbar_answers_total{M,stop="length"} 1
        # TYPE hbar_generated_tokens_total counter
        hbar_generated_tokens_total{M} 4
        # TYPE hbar_prompt_tokens_total counter
        hbar_prompt_tokens_total{M} 15
        # TYPE hbar_requests_total counter
        hbar_requests_total{path="/v1/score",status="200"} 2
        hbar_requests_total{path="/v1/score",status="429"} 1
        # TYPE hbar_reused_prompt_tokens_total counter
        hbar_reused_prompt_tokens_total{M} 7
        # TYPE hbar_surprise histogram
        hbar_surprise_bucket{M,le="0.1"} 1
        hbar_surprise_bucket{M,le="0.25"} 1
        hbar_surprise_bucket{M,le="0.5"} 2
        hbar_surprise_bucket{M,le="1.0"} 2
        hbar_surprise_bucket{M,le="2.0"} 2
        hbar_surprise_bucket{M,le="4.0"} 3
        hbar_surprise_bucket{M,le="8.0"} 3
        hbar_surprise_bucket{M,le="16.0"} 3
        hbar_surprise_bucket{M,le="+Inf"} 4
        hbar_surprise_sum{M} 21.4000
        hbar_surprise_count{M} 4
        # TYPE hbar_requests_running gauge
        hbar_requests_running 2
        """
            .replace("M", "MODEL")
            .replace("MODEL", model);
    assertEquals(expected, metrics.text(Map.of("hbar_requests_running", 2)));
  }
}
