package dev.hbar.model.decode;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sequences that decode together, one forward pass a step for all of them. They join and leave
 * between steps, and each goes on as it would have alone. MLX's thread.
 */
public final class ContinuousBatch implements AutoCloseable {
  private final CausalLm model;
  private Optional<MlxScope> run = Optional.empty();
  private Optional<BatchDecoder> decoder = Optional.empty();

  /** A batch without rows. */
  public ContinuousBatch(CausalLm model) {
    this.model = model;
  }

  /** How many sequences there are. */
  public int rows() {
    return decoder.map(all -> all.cache().rows()).orElse(0);
  }

  /** Whether a step is in flight, after which alone rows may join or leave. */
  public boolean isInFlight() {
    return decoder.filter(BatchDecoder::isInFlight).isPresent();
  }

  /** What is measured of the rows there are now: it reads what {@link Step} has measured. */
  public StepProbe probe() {
    return decoder.orElseThrow().probe();
  }

  /**
   * Takes sequences in, behind those there are. Copies what all of them have seen.
   *
   * @param arrivals each has taken its first step; they are spent, and closed here
   */
  public void join(List<Session> arrivals) {
    MlxScope next = model.openRun("batch");
    List<BatchDecoder> parts = new ArrayList<>(decoder.stream().toList());
    try {
      arrivals.forEach(arrival -> parts.add(arrival.decoder()));
      // A step ahead hides the host's work behind a GPU; on a CPU it would be wasted at the end.
      int depth = Mlx.device() == Device.GPU ? 1 : 0;
      decoder = Optional.of(BatchDecoder.joined(model, next, parts, depth));
    } catch (RuntimeException | Error failure) {
      next.close();
      throw failure;
    }
    run.ifPresent(MlxScope::close);
    run = Optional.of(next);
    arrivals.forEach(Session::close);
  }

  /** One more token of every row. */
  public Step step() {
    return decoder.orElseThrow().nextOfEach();
  }

  /** The step in flight, and none behind it. */
  public Step last() {
    return decoder.orElseThrow().last();
  }

  /** Goes on with these rows only, in this order. */
  public void retain(int[] rows) {
    if (rows.length == 0) {
      close();
    } else {
      decoder.orElseThrow().retain(rows);
    }
  }

  /** What one row has seen, as a cache of its own. Copies it. */
  public KvCache copyOf(MlxScope owner, int row) {
    return KvCache.stack(owner, List.of(decoder.orElseThrow().cache()), new int[] {row});
  }

  /** Frees all rows; others may join later. Idempotent. */
  @Override
  public void close() {
    run.ifPresent(MlxScope::close);
    run = Optional.empty();
    decoder = Optional.empty();
  }
}
