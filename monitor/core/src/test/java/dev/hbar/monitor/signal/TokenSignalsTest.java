package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenSignalsTest {
  private static TokenSignals token(double dmu, double surprise) {
    return TokenSignals.of(7, dmu, 0.5, surprise, 0.25, 0.1);
  }

  @Test
  void values_areFoundByNameInTheirOrder() {
    TokenSignals signals = token(2, 3);
    assertEquals(7, signals.token());
    assertEquals(Signal.STUDY, signals.signals());
    assertEquals(3, signals.surprise());
    assertEquals(signals.get(Signal.PRI), signals.pri());
    assertEquals(
        Signal.STUDY.stream().map(Signal::id).toList(), List.copyOf(signals.byId().keySet()));
    assertEquals(2.0, signals.byId().get(Signal.DMU.id()));
    assertEquals("token 7 " + signals.byId(), signals.toString());
  }

  @Test
  void signalThatWasNotMeasured_isRefusedByName() {
    TokenSignals signals = token(2, 3);
    assertFalse(signals.has(Signal.DETECTOR));
    String message =
        assertThrows(IllegalArgumentException.class, () -> signals.get(Signal.DETECTOR))
            .getMessage();
    assertTrue(message.contains("detector") && message.contains("was not measured"), message);
    TokenSignals more = signals.with(Map.of(Signal.DETECTOR, -1.5));
    assertEquals(-1.5, more.get(Signal.DETECTOR));
    assertEquals(signals.hbar(), more.hbar());
  }

  @Test
  void equality_isThatOfTokenSignalsAndValues() {
    assertEquals(token(2, 3), token(2, 3));
    assertEquals(token(2, 3).hashCode(), token(2, 3).hashCode());
    assertNotEquals(token(2, 3), token(2, 4));
    assertNotEquals(token(2, 3), TokenSignals.of(8, 2, 0.5, 3, 0.25, 0.1));
    assertNotEquals(token(2, 3), token(2, 3).with(Map.of(Signal.DETECTOR, 1.0)));
    assertNotEquals(token(2, 3), "token");
    assertNotEquals(token(2, 3).hashCode(), token(2, 4).hashCode());
    Map<Signal, Double> one = new LinkedHashMap<>();
    one.put(Signal.DMU, 2.0);
    Map<Signal, Double> other = new LinkedHashMap<>();
    other.put(Signal.SURPRISE, 2.0);
    assertNotEquals(TokenSignals.of(7, one), TokenSignals.of(7, other));
  }

  @Test
  void numbersThatAreNone_areNamedTheirSourceFirst() {
    TokenSignals right = token(2, 3);
    assertSame(right, right.requireFinite(0));
    String first = refusal(TokenSignals.of(7, Double.NaN, 1, 1, 1, 0.1));
    assertTrue(first.startsWith("non-finite dmu at step 4: "), first);
    String last = refusal(TokenSignals.of(7, 1, 1, 1, Double.POSITIVE_INFINITY, 0.1));
    assertTrue(last.startsWith("non-finite dh at step 4: "), last);
    String derived = refusal(new TokenSignals(7, Double.NaN, 1, 1, 1, 0, 1));
    assertTrue(derived.startsWith("non-finite hbar at step 4: "), derived);
    String lastDerived = refusal(new TokenSignals(7, 1, 1, 1, 1, 0, Double.NaN));
    assertTrue(lastDerived.startsWith("non-finite pri at step 4: "), lastDerived);
    String folder =
        assertThrows(
                TokenSignals.NonFiniteException.class,
                () -> token(Double.NaN, 1).requireFinite(2, Path.of("tiny")))
            .getMessage();
    assertTrue(folder.startsWith("non-finite dmu at step 2 of tiny: "), folder);
  }

  private static String refusal(TokenSignals signals) {
    return assertThrows(TokenSignals.NonFiniteException.class, () -> signals.requireFinite(4))
        .getMessage();
  }

  @Test
  void givenAnswer_isMeasuredOverItsTokens() {
    Map<Signal, Double> values =
        GivenSignals.of(
            new double[] {-1, -4, -1}, new int[] {1, 20, 3}, new double[] {-2, -5, -2}, 0.75);
    assertEquals(GivenSignals.ALL, List.copyOf(values.keySet()));
    assertEquals(-2, values.get(GivenSignals.LOGPROB_MEAN));
    assertEquals(-4, values.get(GivenSignals.LOGPROB_MIN));
    assertEquals(-6, values.get(GivenSignals.LOGPROB_SUM));
    assertEquals(Math.log(60) / 3, values.get(GivenSignals.LOG_RANK_MEAN), 1e-12);
    assertEquals(-3, values.get(GivenSignals.BARE_LOGPROB_MEAN));
    assertEquals(1, values.get(GivenSignals.CONTEXT_GAIN));
    assertEquals(0.75, values.get(GivenSignals.YES_NO));
  }

  @Test
  void driftOfABlock_isNamedAndScoredLikeTheLast() {
    Signal drift = Signal.drift(3);
    assertTrue(drift.id().endsWith("3"), drift.id());
    assertEquals(Signal.DH.risky(), drift.risky());
    assertEquals("", drift.unit());
    assertEquals("nats", Signal.SURPRISE.unit());
  }
}
