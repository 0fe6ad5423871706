package dev.hbar.cli;

import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.AnswerStream;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.Signal;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prints tokens as they come, coloured by risk or surprise, and takes the time. */
final class TokenPrinter implements TokenListener {
  /** A model may write escape sequences, which would rule the terminal. */
  private static final Pattern CONTROL =
      Pattern.compile("\r(?!\n)|[\\p{Cntrl}\\x80-\\x9f&&[^\n\t\r]]");

  private final PrintWriter out;
  private final boolean silent;
  private final HaltPolicy policy;
  private final Terminal terminal;
  private final Terminal.Palette palette;
  private final Interrupts interrupts;
  private final LongSupplier nanoTime;
  private Optional<AnswerStream> answer = Optional.empty();
  private PrintWriter aside = new PrintWriter(PrintWriter.nullWriter());
  private int printed;
  private boolean thinks;
  private int tokens;
  private long first;
  private long last;

  /**
   * A printer for one generation.
   *
   * @param silent takes the time only
   * @param policy says what risk is
   */
  TokenPrinter(
      PrintWriter out,
      boolean silent,
      HaltPolicy policy,
      Terminal terminal,
      Terminal.Palette palette,
      Interrupts interrupts,
      LongSupplier nanoTime) {
    this.out = out;
    this.silent = silent;
    this.policy = policy;
    this.terminal = terminal;
    this.palette = palette;
    this.interrupts = interrupts;
    this.nanoTime = nanoTime;
  }

  /** Prints an answer part by part: reasoning aside, a call as a line of JSON. */
  TokenPrinter answering(Optional<AnswerStream> parts, PrintWriter reasoning) {
    answer = parts;
    aside = reasoning;
    return this;
  }

  @Override
  public boolean accept(GeneratedToken token) {
    last = nanoTime.getAsLong();
    if (tokens++ == 0) {
      interrupts.finishSteps();
      first = last;
    }
    if (!silent && answer.isPresent()) {
      answer.get().add(token.id()).forEach(part -> print(part, text -> painted(token, text)));
    } else if (!silent) {
      out.print(painted(token, token.text()));
      printed += token.text().length();
    }
    // checkError flushes, too: the token is seen now, and a closed pipe is noticed.
    return !out.checkError() && !interrupts.requested();
  }

  @Override
  public boolean isWaiting() {
    return !interrupts.requested();
  }

  /** What the colours mean; empty where there are none. */
  Optional<String> legend() {
    if (silent || palette == Terminal.Palette.PLAIN) {
      return Optional.empty();
    }
    return Optional.of(
        showsSurprise()
            ? "colour: surprise, pale violet from 1 nat to dark from %s; no risk without --params"
                .formatted(Terminal.Palette.MOST_NATS)
            : "colour: %srisk on %s, green below 0.25, plain to 0.5, then amber to red"
                .formatted(policy.rule().isCalibrated() ? "calibrated " : "", policy.rule().id()));
  }

  private void print(AnswerPart part, UnaryOperator<String> painted) {
    switch (part) {
      case AnswerPart.Reasoning thought -> {
        aside.print(painted.apply(thought.text()));
        aside.flush();
        thinks = true;
      }
      case AnswerPart.Content said -> {
        endReasoning();
        out.print(painted.apply(said.text()));
      }
      case AnswerPart.Call called -> {
        endReasoning();
        out.println(shown(GenerationReport.line(called.call())));
      }
    }
  }

  private void endReasoning() {
    if (thinks) {
      aside.println();
      aside.println();
      aside.flush();
      thinks = false;
    }
  }

  private String painted(GeneratedToken token, String plain) {
    String text = shown(plain);
    return showsSurprise()
        ? palette.paintSurprise(text, token.signals().surprise())
        : palette.paint(text, policy.risk(token.signals()));
  }

  /** Without parameters, and without a rule of the user's own, there is no risk to show. */
  private boolean showsSurprise() {
    return policy.equals(HaltPolicy.FLAGGING);
  }

  /** Prints what the tokens held back, and a line end. */
  void finish(GenerationResult result) {
    if (!silent && answer.isPresent()) {
      answer.get().finish().forEach(part -> print(part, this::shown));
      endReasoning();
      out.println();
      out.flush();
    } else if (!silent) {
      out.println(shown(result.text().substring(printed)));
      out.flush();
    }
  }

  /** Speed of decoding, the first token and the prompt before it aside; 0 below two tokens. */
  double tokensPerSecond() {
    return tokens < 2 ? 0 : (tokens - 1) * 1e9 / Math.max(1, last - first);
  }

  private String shown(String text) {
    return terminal.out() ? CONTROL.matcher(text).replaceAll("\uFFFD") : text;
  }

  /** An answer token by token, as text in columns. */
  static final class Table {
    private static final int LONGEST_WORD = 16;

    private Table() {}

    /** A line per token: its signals, its risk where that is calibrated, what else was likely. */
    static void print(PrintWriter out, GenerationResult result, HaltPolicy policy) {
      boolean risk = policy.rule().isCalibrated();
      out.printf(
          "%4s  %-16s %8s %8s %8s %8s%s  %s%n",
          "",
          "token",
          Signal.HBAR.id(),
          "PRI",
          Signal.SURPRISE.id(),
          DistributionSignals.ENTROPY.id(),
          risk ? "     risk" : "",
          "instead");
      int index = 0;
      for (GeneratedToken token : result.trajectory()) {
        out.println(line(++index, token, risk));
      }
      out.flush();
    }

    private static String line(int index, GeneratedToken token, boolean risk) {
      String instead =
          token.alternatives().stream()
              .filter(other -> other.id() != token.id())
              .map(other -> word(other.text()) + " " + percent(Math.exp(other.logProbability())))
              .collect(Collectors.joining("  "));
      String shown =
          risk && token.risk().isPresent()
              ? String.format(Locale.ROOT, " %8.3f", token.risk().getAsDouble())
              : "";
      return String.format(
          Locale.ROOT,
          "%4d  %-16s %8.3f %8.3f %8.3f %8.3f%s  %s",
          index,
          word(token.text()),
          token.signals().hbar(),
          token.signals().pri(),
          token.signals().surprise(),
          token.signals().get(DistributionSignals.ENTROPY),
          shown,
          instead);
    }

    /** One that is not 0 does not look like 0. */
    private static String percent(double probability) {
      return probability < 0.01 ? "<1%" : String.format(Locale.ROOT, "%.0f%%", 100 * probability);
    }

    private static String word(String text) {
      if (text.isEmpty()) {
        return "(end)";
      }
      String shown = text.replace("\n", "\\n").replace("\t", "\\t").replace(' ', '\u2423');
      return shown.length() > LONGEST_WORD
          ? shown.substring(0, LONGEST_WORD - 1) + "\u2026"
          : shown;
    }
  }
}
