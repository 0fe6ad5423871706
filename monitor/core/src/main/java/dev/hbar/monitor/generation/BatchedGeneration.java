package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A text that grows in a {@link GenerationBatch}. The batch's thread puts tokens into its queue,
 * never more than the text is long; the caller's thread takes them.
 */
final class BatchedGeneration implements Generation {
  private static final long ASK_SECONDS = 1;

  private final GenerationBatch batch;
  private final int[] prompt;
  private final GenerationSettings settings;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;
  private volatile boolean closed;
  private Optional<GenerationResult> result = Optional.empty();
  // Of the batch's thread.
  private final GeneratedRow row;
  private Optional<Session> session = Optional.empty();
  private boolean failed;
  private volatile int reused;
  private final IntStream.Builder chosen = IntStream.builder();

  /** What the batch's thread tells the caller's. */
  private sealed interface Event {
    record Token(GeneratedToken token) implements Event {}

    record End(GenerationResult result) implements Event {}

    record Failure(Throwable cause) implements Event {}
  }

  /**
   * A text that has not begun.
   *
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context
   */
  BatchedGeneration(
      GenerationBatch batch, GenerationModel model, int[] prompt, GenerationSettings settings) {
    this.batch = batch;
    this.prompt = prompt.clone();
    this.settings = settings;
    this.row = new GeneratedRow(model, prompt.length, settings, model.config().contextLength());
  }

  int[] prompt() {
    return prompt;
  }

  GenerationSettings settings() {
    return settings;
  }

  Optional<Session> session() {
    return session;
  }

  /** The session that reads the prompt; empty once the batch goes on with it. */
  void session(Optional<Session> reading) {
    session = reading;
  }

  /** The session has begun, with so much of the prompt computed already. */
  void begun(int computed) {
    reused = computed;
  }

  /** A token that its row has chosen, also behind the end of its text. */
  void chosen(int token) {
    chosen.add(token);
  }

  /** The prompt and all that was chosen. Once. */
  int[] seen() {
    return IntStream.concat(IntStream.of(prompt), chosen.build()).toArray();
  }

  /** Ends the text if nobody waits for it any more or its time is over. */
  void endIfUnwanted() {
    if (!isSpent() && (cancelled || row.isLate())) {
      row.end(cancelled ? StopReason.CANCELLED : StopReason.TIMEOUT);
      tellEnd();
    }
  }

  /** Takes a step of its row, and tells what became certain. */
  void take(int token, float[] measured, GenerationProbe probe) {
    row.take(token, measured, probe).forEach(certain -> events.add(new Event.Token(certain)));
    tellEnd();
  }

  private void tellEnd() {
    row.result().ifPresent(ended -> events.add(new Event.End(ended)));
  }

  /** Whether its text is whole. */
  boolean hasEnded() {
    return row.result().isPresent();
  }

  /** Whether it needs no further step: its text is whole, or it has failed. */
  boolean isSpent() {
    return hasEnded() || failed;
  }

  /** Tokens so far. */
  int size() {
    return row.size();
  }

  /** Ends it with an error, which the caller is thrown. */
  void fail(Throwable cause) {
    failed = true;
    events.add(new Event.Failure(cause));
  }

  @Override
  public Optional<GeneratedToken> next(BooleanSupplier isWaiting) {
    while (result.isEmpty()) {
      Event event = null;
      try {
        event = events.poll(ASK_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        cancel();
        Thread.currentThread().interrupt();
        throw GenerationException.interrupted(row.size());
      }
      switch (event) {
        case null -> {
          if (!isWaiting.getAsBoolean()) {
            cancel();
          }
        }
        case Event.Token(GeneratedToken token) -> {
          if (!isWaiting.getAsBoolean()) {
            cancel();
          }
          return Optional.of(token);
        }
        case Event.End(GenerationResult ended) -> result = Optional.of(ended);
        case Event.Failure(Throwable cause) -> {
          events.add(event); // whoever asks again is told again
          throw GenerationException.rethrown(cause);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void cancel() {
    cancelled = true;
    batch.wake();
  }

  @Override
  public int reusedTokens() {
    return reused;
  }

  @Override
  public boolean isEnded() {
    return result.isPresent();
  }

  @Override
  public GenerationResult result() {
    if (closed) {
      skipToEnd();
    }
    return result.orElseThrow(GenerationException::notEnded);
  }

  @Override
  public void close() {
    if (result.isEmpty()) {
      closed = true;
      cancel();
    }
  }

  private void skipToEnd() {
    Optional<GeneratedToken> token = next();
    while (token.isPresent()) {
      token = next();
    }
  }
}
