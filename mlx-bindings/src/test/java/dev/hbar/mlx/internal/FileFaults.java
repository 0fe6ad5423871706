package dev.hbar.mlx.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What tests may do to calls on files: count them, and let one fail; see file_faults.c. */
public final class FileFaults {
  private final MethodHandle begin;
  private final MethodHandle calls;

  /**
   * @param library of scripts/attack/file_faults.c, preloaded into this process
   */
  public FileFaults(Path library) {
    SymbolLookup names = SymbolLookup.libraryLookup(library, Arena.global());
    FunctionDescriptor begins = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG);
    this.begin = function(names, "file_faults_begin", begins);
    this.calls = function(names, "file_faults_calls", FunctionDescriptor.of(JAVA_LONG));
  }

  private static MethodHandle function(SymbolLookup names, String name, FunctionDescriptor of) {
    return Linker.nativeLinker().downcallHandle(names.findOrThrow(name), of);
  }

  /** Counts calls below this folder from now on; the n-th fails, none if it is 0. */
  public void watch(Path folder, long n) {
    begin(folder + "/", n);
  }

  /** Counts none any more. */
  public void stop() {
    begin("", 0);
  }

  private void begin(String below, long n) {
    try (Arena arena = Arena.ofConfined()) {
      begin.invoke(arena.allocateFrom(below), n);
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Calls since then. */
  public long calls() {
    try {
      return (long) calls.invoke();
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
  }
}
