package dev.hbar.mlx.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What tests may do to calls on files: count them, and let one fail; see file_faults.c. */
public final class FileFaults {
  /** Which calls are counted and fail, in the order of file_faults.c. */
  public enum Kind {
    /** One that writes, flushes, creates or renames. */
    CHANGE,
    /** That one and all after it. */
    EVERY_CHANGE,
    /** One that reads. */
    READ
  }

  private final MethodHandle begin;
  private final MethodHandle calls;

  /**
   * @param library of scripts/attack/file_faults.c, preloaded into this process
   */
  public FileFaults(Path library) {
    SymbolLookup names = SymbolLookup.libraryLookup(library, Arena.global());
    FunctionDescriptor begins = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT);
    this.begin = function(names, "file_faults_begin", begins);
    this.calls = function(names, "file_faults_calls", FunctionDescriptor.of(JAVA_LONG));
  }

  private static MethodHandle function(SymbolLookup names, String name, FunctionDescriptor of) {
    return Linker.nativeLinker().downcallHandle(names.findOrThrow(name), of);
  }

  /** Counts calls of a kind below this folder from now on; the n-th fails, none if it is 0. */
  public void watch(Path folder, Kind kind, long n) {
    begin(folder + "/", n, kind);
  }

  /** Counts none any more. */
  public void stop() {
    begin("", 0, Kind.CHANGE);
  }

  private void begin(String below, long n, Kind kind) {
    try (Arena arena = Arena.ofConfined()) {
      begin.invoke(arena.allocateFrom(below), n, kind.ordinal());
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
