package dev.hbar.monitor.generation;

import dev.hbar.model.decode.ContinuousBatch;
import dev.hbar.model.decode.PrefixCache;
import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Many texts of one model that share each step: what a server needs. A new one joins the running
 * batch at the next step; between two steps at most one piece of one prompt is read, a short prompt
 * before a long one every other time, so that a long prompt holds nobody up. Each text is what it
 * would be alone. What a prompt has in common with an earlier text is not computed again.
 *
 * <p>Any thread may {@link #start}. The work is asked for by one thread of the batch's own and done
 * on MLX's. Close it before its model.
 */
public final class GenerationBatch implements AutoCloseable {
  private final GenerationModel model;
  private final int most;
  private final LinkedBlockingQueue<Optional<BatchedGeneration>> arrivals =
      new LinkedBlockingQueue<>();
  private final Thread worker;
  private volatile boolean closed;
  // Of the worker.
  private final ArrayDeque<BatchedGeneration> waiting = new ArrayDeque<>();
  private final ArrayDeque<BatchedGeneration> reading = new ArrayDeque<>();
  private final PromptTurns turns = new PromptTurns();
  private List<BatchedGeneration> rows = new ArrayList<>();
  private Optional<ContinuousBatch> batch = Optional.empty();
  private final BatchPrefixes prefixes;

  /**
   * A batch of a model, which stays its caller's: close this first.
   *
   * @param most texts that grow at once, at least 1; others wait
   * @throws IllegalArgumentException if {@code most} is under 1
   */
  public GenerationBatch(GenerationModel model, int most) {
    this(model, most, Optional.empty());
  }

  /**
   * The same, and what texts have computed is kept in files, which are written while there is
   * nothing else to do and when this is closed.
   *
   * @param place where; the first text waits until the checkpoint is hashed
   */
  public GenerationBatch(GenerationModel model, int most, Optional<PrefixFolder.Place> place) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1: " + most);
    }
    this.model = model;
    this.most = most;
    this.prefixes = new BatchPrefixes(model, place);
    this.worker = Thread.ofPlatform().daemon().name("hbar batch").start(this::work);
  }

  /**
   * A text that joins as soon as there is room. The weights are loaded if they are not.
   *
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context,
   *     or the model does not know an id of the bias
   * @throws GenerationException.ModelClosed if this or the model was closed
   * @throws dev.hbar.model.checkpoint.CheckpointException if the model does not fit into the memory
   */
  public Generation start(int[] prompt, GenerationSettings settings) {
    settings.requireKnownBias(model.config().vocabSize());
    model.load(prompt.length, settings);
    BatchedGeneration text = new BatchedGeneration(this, model, prompt, settings);
    arrivals.add(Optional.of(text));
    if (closed) {
      text.fail(GenerationException.closed(model.name()));
    }
    return text;
  }

  /** Lets the worker look at what was cancelled. */
  void wake() {
    arrivals.add(Optional.empty());
  }

  private void work() {
    prefixes.open();
    while (!closed) {
      try {
        if (waiting.isEmpty() && reading.isEmpty() && rows.isEmpty()) {
          prefixes.save(arrivals::isEmpty);
          arrivals.take().ifPresent(waiting::add);
        }
        List<Optional<BatchedGeneration>> come = new ArrayList<>();
        arrivals.drainTo(come);
        come.forEach(text -> text.ifPresent(waiting::add));
        dropUnwanted();
        admit();
        readOnePiece();
        step();
      } catch (InterruptedException e) {
        closed = true;
      } catch (RuntimeException | Error failure) {
        failAll(failure);
      }
    }
    endAll(GenerationException.closed(model.name()));
    prefixes.save(() -> true);
    releaseQuietly(prefixes);
  }

  private void dropUnwanted() {
    dropUnwanted(waiting);
    dropUnwanted(reading);
    rows.forEach(BatchedGeneration::endIfUnwanted);
    leave();
  }

  private void dropUnwanted(ArrayDeque<BatchedGeneration> texts) {
    for (Iterator<BatchedGeneration> each = texts.iterator(); each.hasNext(); ) {
      BatchedGeneration text = each.next();
      text.endIfUnwanted();
      if (text.hasEnded()) {
        text.session().ifPresent(model::release);
        each.remove();
      }
    }
  }

  private void admit() {
    while (!waiting.isEmpty() && reading.size() + rows.size() < most) {
      BatchedGeneration text = waiting.remove();
      attempt(
          text,
          () -> {
            Session session = model.onModel(Session::new);
            text.session(Optional.of(session));
            prefixes.fetch(text.prompt());
            model.onModel(
                loaded -> {
                  prefixes.of(loaded).seed(session, text.prompt());
                  session.begin(
                      text.prompt(), model.probe(text.settings()), text.settings().sampling());
                  return true;
                });
            text.begun(session.reused());
            reading.add(text);
            return true;
          });
    }
  }

  /** Its own failure ends a text, and no other. */
  private boolean attempt(BatchedGeneration text, Supplier<Boolean> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error failure) {
      text.session().ifPresent(model::release);
      text.fail(failure);
      return false;
    }
  }

  /** One piece of a prompt; a prompt that is read joins the batch. */
  private void readOnePiece() {
    if (reading.isEmpty()) {
      return;
    }
    boolean alone = rows.isEmpty() && reading.size() == 1;
    BatchedGeneration text = turns.next(reading);
    Session session = text.session().orElseThrow();
    boolean going =
        attempt(
            text,
            () -> {
              if (model.onModel(loaded -> turns.read(session, alone))) {
                reading.add(text);
                return false;
              }
              Step first = model.onModel(loaded -> first(session, prefixes.of(loaded)));
              text.chosen(first.tokens()[0]);
              GenerationProbe probe = (GenerationProbe) session.probe();
              text.take(first.tokens()[0], first.measured()[0], probe);
              keepOfOneToken(text, session);
              return true;
            });
    if (going && text.hasEnded()) {
      model.release(session);
    } else if (going) {
      join(text, session);
    }
  }

  /** A text that ends with its first token never joins the batch, which keeps what leaves it. */
  private void keepOfOneToken(BatchedGeneration text, Session session) {
    if (text.hasEnded() && session.isTrimmable()) {
      model.onModel(
          loaded -> {
            prefixes.of(loaded).keep(session);
            return true;
          });
    }
  }

  /** A state that cannot go back is kept where the answer begins, as the next turn may differ. */
  private static Step first(Session session, PrefixCache prefixes) {
    Step first = session.step();
    if (!session.isTrimmable()) {
      prefixes.keep(session);
    }
    return first;
  }

  private void join(BatchedGeneration text, Session session) {
    settle();
    leave();
    boolean joined =
        attempt(
            text,
            () ->
                model.onModel(
                    loaded -> {
                      ContinuousBatch all = batch.orElseGet(() -> new ContinuousBatch(loaded));
                      all.join(List.of(session));
                      batch = Optional.of(all);
                      return true;
                    }));
    if (joined) {
      text.session(Optional.empty());
      rows.add(text);
    }
  }

  private void step() {
    if (rows.isEmpty()) {
      return;
    }
    deliver(model.onModel(loaded -> batch.orElseThrow().step()));
    leave();
  }

  /** Reads the step in flight, before rows join or leave. */
  private void settle() {
    if (!rows.isEmpty() && batch.orElseThrow().isInFlight()) {
      deliver(model.onModel(loaded -> batch.orElseThrow().last()));
    }
  }

  private void deliver(Step step) {
    GenerationProbe probe = (GenerationProbe) batch.orElseThrow().probe();
    for (int i = 0; i < rows.size(); i++) {
      BatchedGeneration text = rows.get(i);
      text.chosen(step.tokens()[i]);
      if (text.isSpent()) {
        continue;
      }
      int row = i;
      attempt(
          text,
          () -> {
            step.requireFinite(row, text.size());
            text.take(step.tokens()[row], step.measured()[row], probe);
            return true;
          });
    }
  }

  /** Rows that have ended leave the batch. */
  private void leave() {
    if (rows.stream().noneMatch(BatchedGeneration::isSpent)) {
      return;
    }
    settle();
    int[] staying = IntStream.range(0, rows.size()).filter(i -> !rows.get(i).isSpent()).toArray();
    model.onModel(
        loaded -> {
          ContinuousBatch all = batch.orElseThrow();
          for (int i = 0; i < rows.size(); i++) {
            BatchedGeneration text = rows.get(i);
            if (text.hasEnded()) {
              prefixes.of(loaded).keep(all, i, text.seen(), text.prompt().length);
            }
          }
          all.retain(staying);
          return true;
        });
    rows = new ArrayList<>(IntStream.of(staying).mapToObj(rows::get).toList());
  }

  private void failAll(Throwable cause) {
    endAll(cause);
    releaseQuietly(prefixes);
  }

  private void endAll(Throwable cause) {
    List<BatchedGeneration> all = new ArrayList<>(waiting);
    arrivals.forEach(text -> text.ifPresent(all::add));
    arrivals.clear();
    all.addAll(reading);
    all.addAll(rows);
    reading.forEach(text -> text.session().ifPresent(this::releaseQuietly));
    batch.ifPresent(this::releaseQuietly);
    waiting.clear();
    reading.clear();
    rows.clear();
    batch = Optional.empty();
    all.forEach(text -> text.fail(cause));
  }

  /** On a closed model nothing is left to release. */
  private void releaseQuietly(AutoCloseable held) {
    try {
      model.release(held);
    } catch (RuntimeException closing) {
      closed = closed || closing instanceof GenerationException.ModelClosed;
    }
  }

  /**
   * Ends every text that has not ended, waiting ones too, with {@link
   * GenerationException.ModelClosed}, and gives back their caches and those of earlier texts. It
   * returns when the step under way is done and the batch's thread has ended; an interrupt
   * meanwhile is kept as the thread's flag. The model stays open. Any thread; again it does
   * nothing.
   */
  @Override
  public void close() {
    closed = true;
    wake();
    boolean interrupted = false;
    while (worker.isAlive() && Thread.currentThread() != worker) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
