package dev.hbar.mlx;

import java.util.Optional;

/** Closes one thing after the other whatever fails, and tells of the failures at the end. */
final class Releases {
  private Optional<RuntimeException> first = Optional.empty();

  void close(AutoCloseable release) {
    try {
      release.close();
    } catch (Exception caught) {
      RuntimeException failed =
          caught instanceof RuntimeException unchecked
              ? unchecked
              : new IllegalStateException(caught);
      if (first.isEmpty()) {
        first = Optional.of(failed);
      } else {
        first.get().addSuppressed(failed);
      }
    }
  }

  /** Throws the first failure, with the others in it; nothing where nothing failed. */
  void throwFirst() {
    if (first.isPresent()) {
      throw first.get();
    }
  }
}
