package dev.hbar.monitor.generation;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.decode.OpenedCheckpoint;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** A model whose weights are loaded by the first call that needs them. Safe from any thread. */
final class LoadedOnce implements AutoCloseable {
  private final OpenedCheckpoint checkpoint;
  // Of MLX's thread.
  private Optional<CausalLm> model = Optional.empty();
  private volatile boolean closed;

  LoadedOnce(OpenedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Loads the weights if they are not yet, and checks that this many tokens fit into memory. */
  void load(int length) {
    onThread(
        () -> {
          requireOpen();
          LoadOptions options = checkpoint.options();
          ModelLoader loader = checkpoint.loader();
          MemoryPlan plan = loader.plan(options.compute(), length, 1, Prefill.CHUNK);
          // Other models, and this one where it is loaded already, hold theirs.
          long held =
              MlxMemory.snapshot().active() - model.map(loaded -> plan.weights()).orElse(0L);
          plan.requireWithin(MemoryLimit.bytes() - Math.max(0, held));
          if (model.isEmpty()) {
            model = Optional.of(loader.load(options));
          }
          return true;
        });
  }

  /** Runs work on the loaded model, on MLX's thread. */
  <T> T call(Function<CausalLm, T> work) {
    return onThread(
        () -> {
          requireOpen();
          return work.apply(model.orElseThrow());
        });
  }

  /** Frees a session or a run; nothing is left of it once the model is closed. */
  void release(AutoCloseable session) {
    onThread(
        () -> {
          if (!closed) {
            session.close();
          }
          return true;
        });
  }

  void requireOpen() {
    if (closed) {
      throw GenerationException.closed(checkpoint.directory().name());
    }
  }

  private static <T> T onThread(Callable<T> work) {
    try {
      return MlxThread.call(work);
    } catch (RuntimeException unchecked) {
      throw unchecked;
    } catch (Exception checked) {
      throw new CompletionException(checked);
    }
  }

  /** Waits for the step that is being computed. Idempotent. */
  @Override
  public void close() {
    onThread(
        () -> {
          closed = true;
          model.ifPresent(CausalLm::close);
          model = Optional.empty();
          return true;
        });
  }
}
