package dev.hbar.cli;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.SignalScores;
import dev.hbar.monitor.signal.TokenSignals;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A generation in one line. */
public final class GenerationLine {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private GenerationLine() {}

  /**
   * Tokens, speed, why it ended, means, top-5 means and the riskiest token; without parameters the
   * most surprising one.
   *
   * @param tokensPerSecond 0 if it was too short to tell
   */
  public static String of(
      GenerationResult result, GenerationSettings settings, double tokensPerSecond) {
    List<GeneratedToken> tokens = result.trajectory();
    SignalScores top = SignalScores.of(result.signals());
    String speed = tokensPerSecond > 0 ? format(", %.1f tokens/s", tokensPerSecond) : "";
    return format(
            "%s tokens%s, stop: %s; ", result.tokens().size(), speed, stop(result, settings.halt()))
        + format(
            "mean hbar %.3f PRI %.3f, top-5 hbar %.3f PRI %.3f; ",
            mean(tokens, TokenSignals::hbar),
            mean(tokens, TokenSignals::pri),
            top.hbar(),
            top.pri())
        + detector(top)
        + riskiest(tokens, settings.halt())
        + (settings.sampling().isGreedy() ? "" : "; seed " + settings.sampling().seed());
  }

  private static String detector(SignalScores scores) {
    Double logOdds = scores.more().get(Detector.SIGNAL);
    return logOdds == null
        ? ""
        : format("detector over the answer %.3f; ", Detector.probability(logOdds));
  }

  private static String stop(GenerationResult result, HaltPolicy policy) {
    return result
        .dropped()
        .map(
            token ->
                format(
                    "halted at step %s before %s, risk %.3f",
                    result.step(), quoted(token.text()), policy.risk(token.signals())))
        .orElseGet(() -> result.stop().id());
  }

  /** Without parameters and without a rule that was asked for there is no risk to speak of. */
  private static String mostSurprising(List<GeneratedToken> tokens) {
    GeneratedToken most =
        tokens.stream()
            .max(Comparator.comparingDouble(token -> token.signals().surprise()))
            .orElseThrow();
    return format(
        "most surprising step %s %s, %.2f nats",
        tokens.indexOf(most), quoted(most.text()), most.signals().surprise());
  }

  private static String riskiest(List<GeneratedToken> tokens, HaltPolicy policy) {
    if (policy.equals(HaltPolicy.FLAGGING)) {
      return mostSurprising(tokens);
    }
    GeneratedToken worst =
        tokens.stream()
            .max(Comparator.comparingDouble(token -> policy.risk(token.signals())))
            .orElseThrow();
    long risky =
        tokens.stream().filter(token -> policy.isRisky(policy.risk(token.signals()))).count();
    return format(
        "riskiest step %s %s risk %.3f on %s, %s above %s",
        tokens.indexOf(worst),
        quoted(worst.text()),
        policy.risk(worst.signals()),
        policy.rule().id(),
        risky,
        rounded(policy.cutoff()));
  }

  /** A calibrated threshold has more digits than a reader wants, the usual one only two. */
  private static String rounded(double value) {
    return BigDecimal.valueOf(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }

  private static double mean(List<GeneratedToken> tokens, ToDoubleFunction<TokenSignals> signal) {
    return tokens.stream().map(GeneratedToken::signals).mapToDouble(signal).average().orElseThrow();
  }

  private static String quoted(String text) {
    String visible =
        text.replace("\n", "\\n").replace("\r", "\\r").replaceAll("\\p{Cntrl}", "\uFFFD");
    return '"' + visible + '"';
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
