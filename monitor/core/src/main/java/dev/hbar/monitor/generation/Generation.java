package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.Step;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Text that grows token by token as it is asked for, every token measured in the evaluation that
 * chooses it.
 *
 * <p>One thread at a time asks for tokens; any thread may {@link #cancel}. The work itself is done
 * on MLX's thread, one prefill piece or one step at a time, so that several generations and short
 * calls take turns. When it has ended, or is closed, everything it made there is free.
 */
public final class Generation implements AutoCloseable {
  private final GenerationModel model;
  private final GenerationSettings settings;
  private final Session session;
  private final boolean ownsSession;
  private final GenerationProbe probe;
  private final GeneratedText text;
  private final int limit;
  private final long started = System.nanoTime();
  private boolean prefilled;
  private Optional<Step> ahead = Optional.empty();
  private Optional<GenerationResult> result = Optional.empty();
  private volatile boolean cancelled;

  /**
   * A generation that has not begun to compute.
   *
   * @param session on the loaded model
   * @param ownsSession whether the session is closed when the text has ended
   * @param context most tokens of prompt and text
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context
   */
  Generation(
      GenerationModel model,
      Session session,
      boolean ownsSession,
      int[] prompt,
      GenerationSettings settings,
      int context) {
    this.model = model;
    this.settings = settings;
    this.session = session;
    this.ownsSession = ownsSession;
    this.probe = new GenerationProbe(model.config().layers(), model.config().vocabSize(), settings);
    this.text = new GeneratedText(model.tokenizer(), settings);
    this.limit = settings.newTokens(prompt.length, context);
    onModel(
        () -> {
          session.begin(prompt, probe, settings.sampling());
          return true;
        });
  }

  /**
   * Waits for the next token of the text.
   *
   * @return empty when the text has ended; {@link #result} says why
   * @throws GenerationException.Interrupted if the calling thread was interrupted, whose flag stays
   *     set; within one step, prefill included
   * @throws GenerationException.ModelClosed if the model was closed
   * @throws dev.hbar.monitor.signal.NonFiniteException if a signal is not a number
   * @throws dev.hbar.model.decode.NonFiniteLogitsException if the model computed NaN or infinity
   */
  public Optional<GeneratedToken> next() {
    return next(() -> true);
  }

  /**
   * The same for a caller that may lose interest.
   *
   * @param isWaiting asked before each piece of the prompt and before each token; false ends the
   *     text as {@link #cancel} does
   */
  public Optional<GeneratedToken> next(BooleanSupplier isWaiting) {
    try {
      while (result.isEmpty() && goesOn(isWaiting) && !prefilled) {
        prefilled = !onModel(session::prefill);
      }
      return result.isPresent() ? Optional.empty() : Optional.ofNullable(token());
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private boolean goesOn(BooleanSupplier isWaiting) {
    if (Thread.currentThread().isInterrupted()) {
      throw new GenerationException.Interrupted(
          "the thread that asked for text was interrupted after %s tokens".formatted(text.size()));
    }
    if (cancelled || !isWaiting.getAsBoolean()) {
      end(StopReason.CANCELLED);
    } else if (settings.timeout().filter(most -> age() >= most.toNanos()).isPresent()) {
      end(StopReason.TIMEOUT);
    }
    return result.isEmpty();
  }

  private long age() {
    return System.nanoTime() - started;
  }

  /** Null where the token was too risky to be said. */
  private GeneratedToken token() {
    Step step = ahead.orElseGet(() -> onModel(session::step));
    ahead = Optional.empty();
    float[] measured = step.measured()[0];
    boolean eos = model.config().eosTokenIds().contains(step.tokens()[0]);
    TokenSignals signals =
        detected(probe.signals(step.tokens()[0], measured), eos).requireFinite(text.size());
    List<Alternative> alternatives =
        probe.alternatives(measured, model.tokenizer());
    if (settings.halt().halts(text.size(), settings.halt().risk(signals))) {
      end(text.halted(signals, alternatives));
      return null;
    }
    GeneratedToken token = text.append(signals, alternatives, !eos);
    if (eos) {
      end(StopReason.EOS);
    } else if (text.isStopped()) {
      end(StopReason.STOP);
    } else if (text.size() == limit) {
      end(StopReason.LENGTH);
    }
    return token;
  }

  /**
   * With a detector, the token's own state is asked, which the step after it computes: a token
   * comes one step later then.
   */
  private TokenSignals detected(TokenSignals signals, boolean eos) {
    if (settings.detector().isEmpty() || eos) {
      return signals;
    }
    Step next = onModel(session::step);
    ahead = Optional.of(next);
    Map<String, Double> more = new LinkedHashMap<>(signals.more());
    more.put(Detector.SIGNAL, probe.logOdds(next.measured()[0]));
    return signals.with(more);
  }

  private <T> T onModel(Supplier<T> work) {
    return model.onModel(loaded -> work.get());
  }

  private void end(StopReason stop) {
    end(text.ended(stop));
  }

  private void end(GenerationResult ended) {
    result = Optional.of(ended);
    close();
  }

  /** Ends the text after the step that is being computed. Any thread. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether the text has ended. */
  public boolean isEnded() {
    return result.isPresent();
  }

  /**
   * The finished text; a cancelled one holds what there was.
   *
   * @throws IllegalStateException if the text has not ended
   */
  public GenerationResult result() {
    return result.orElseThrow(
        () -> new IllegalStateException("the text has not ended: ask for its next tokens first"));
  }

  /**
   * Hands every token to a listener until the text ends.
   *
   * @param listener called on this thread, never after this call has returned or thrown
   */
  GenerationResult run(TokenListener listener) {
    try (this) {
      Optional<GeneratedToken> token = next(listener::isWaiting);
      while (token.isPresent()) {
        if (!listener.accept(token.get())) {
          cancel();
        }
        token = next(listener::isWaiting);
      }
      return result();
    }
  }

  /** Frees what is computed with; the text so far stays. Idempotent. */
  @Override
  public void close() {
    if (ownsSession) {
      model.release(session);
    }
  }
}
