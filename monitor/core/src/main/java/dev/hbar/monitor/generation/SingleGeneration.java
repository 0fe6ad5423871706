package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.Step;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A text that is computed alone. The work is done on MLX's thread, one prefill piece or one step at
 * a time, so that several generations and short calls take turns.
 */
final class SingleGeneration implements Generation {
  private final GenerationModel model;
  private final Session session;
  private final boolean ownsSession;
  private final GenerationProbe probe;
  private final GeneratedRow row;
  private final ArrayDeque<GeneratedToken> certain = new ArrayDeque<>();
  private boolean prefilled;
  private volatile boolean cancelled;
  private volatile boolean closed;

  /**
   * A generation that has not begun to compute.
   *
   * @param session on the loaded model
   * @param ownsSession whether the session is closed when the text has ended
   * @param context most tokens of prompt and text
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context
   */
  SingleGeneration(
      GenerationModel model,
      Session session,
      boolean ownsSession,
      int[] prompt,
      GenerationSettings settings,
      int context) {
    this.model = model;
    this.session = session;
    this.ownsSession = ownsSession;
    this.probe = model.probe(settings);
    this.row = new GeneratedRow(model, prompt.length, settings, context);
    onModel(
        () -> {
          session.begin(prompt, probe, settings.sampling());
          return true;
        });
  }

  @Override
  public Optional<GeneratedToken> next(BooleanSupplier isWaiting) {
    return model.whileOpen(() -> computed(isWaiting));
  }

  private Optional<GeneratedToken> computed(BooleanSupplier isWaiting) {
    try {
      while (certain.isEmpty() && goesOn(isWaiting)) {
        if (prefilled) {
          Step step = onModel(session::step);
          certain.addAll(row.take(step.tokens()[0], step.measured()[0], probe));
          closeIfEnded();
        } else {
          prefilled = !onModel(session::prefill);
        }
      }
      return Optional.ofNullable(certain.poll());
    } catch (RuntimeException | Error failure) {
      free();
      throw failure;
    }
  }

  private boolean goesOn(BooleanSupplier isWaiting) {
    if (row.result().isPresent()) {
      return false;
    }
    if (closed) {
      row.end(StopReason.CANCELLED);
      return false;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw GenerationException.interrupted(row.size());
    }
    if (cancelled || !isWaiting.getAsBoolean()) {
      row.end(StopReason.CANCELLED);
    } else if (row.isLate()) {
      row.end(StopReason.TIMEOUT);
    }
    closeIfEnded();
    return row.result().isEmpty();
  }

  private void closeIfEnded() {
    if (row.result().isPresent()) {
      free();
    }
  }

  private void free() {
    if (ownsSession) {
      model.release(session);
    }
  }

  private <T> T onModel(Supplier<T> work) {
    return model.onModel(loaded -> work.get());
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public int reusedTokens() {
    return session.reused();
  }

  @Override
  public boolean isEnded() {
    return row.result().isPresent() && certain.isEmpty();
  }

  @Override
  public GenerationResult result() {
    if (closed && row.result().isEmpty()) {
      row.end(StopReason.CANCELLED);
    }
    return row.result().orElseThrow(GenerationException::notEnded);
  }

  @Override
  public void close() {
    closed = true;
    free();
  }
}
