package dev.hbar.monitor.generation;

import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.decode.PrefixCache;
import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.model.family.CausalLm;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the texts of a batch have computed, in memory and in files. The batch's thread. */
final class BatchPrefixes implements AutoCloseable {
  /** It may take this part of the memory limit. */
  private static final int SHARE = 8;

  private final GenerationModel model;
  private final Optional<PrefixFolder.Place> place;
  private Optional<PrefixFolder> folder = Optional.empty();
  private Optional<PrefixCache> cache = Optional.empty();

  BatchPrefixes(GenerationModel model, Optional<PrefixFolder.Place> place) {
    this.model = model;
    this.place = place;
  }

  /** Looks what is in the folder, for which the checkpoint is hashed. */
  void open() {
    try {
      folder = place.flatMap(files -> PrefixFolder.open(files, model.statesKey()));
    } catch (RuntimeException | Error failure) {
      place.orElseThrow().notes().accept("no prefix is kept: " + failure.getMessage());
    }
  }

  /** The cache of the loaded model; MLX's thread. */
  PrefixCache of(CausalLm loaded) {
    if (cache.isEmpty()) {
      cache = Optional.of(new PrefixCache(loaded, MemoryLimit.bytes() / SHARE, folder));
    }
    return cache.get();
  }

  /** Reads what a prompt begins with from the folder. */
  void fetch(int[] prompt) {
    model.onModel(this::of).fetch(prompt, this::onMlx);
  }

  /** Writes what is not in the folder, for as long as it may. */
  void save(BooleanSupplier goesOn) {
    try {
      while (cache.isPresent()
          && goesOn.getAsBoolean()
          && cache.get().saveOne(this::onMlx, goesOn)) {}
    } catch (GenerationException.ModelClosed closed) {
      // Nothing is left to write.
    }
  }

  private void onMlx(Consumer<CausalLm> work) {
    model.onModel(
        loaded -> {
          work.accept(loaded);
          return true;
        });
  }

  /** Gives the memory back; MLX's thread. It can be used again. */
  @Override
  public void close() {
    cache.ifPresent(PrefixCache::close);
    cache = Optional.empty();
  }
}
