package dev.hbar.mlx.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The end of the process on Linux. OpenBLAS's destructor joins its worker threads; when a matrix
 * product is running at that moment, which no shutdown hook can rule out, the join never returns
 * and the process hangs in exit. So exit goes straight to {@code _exit} with the same code: glibc
 * runs what {@code on_exit} registered before any library's destructor, and hands it the code.
 */
final class ExitPath {
  private ExitPath() {}

  /** Registers the short way; where the C library has no {@code on_exit}, nothing happens. */
  static void skipDestructors() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup libc = linker.defaultLookup();
    Optional<MemorySegment> onExit = libc.find("on_exit");
    Optional<MemorySegment> exit = libc.find("_exit");
    if (onExit.isPresent() && exit.isPresent()) {
      register(
          linker.downcallHandle(
              onExit.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)),
          exit.get());
    }
  }

  private static void register(MethodHandle onExit, MemorySegment exit) {
    try {
      int status = (int) onExit.invokeExact(exit, MemorySegment.NULL);
      assert status == 0 : "on_exit fails only without memory";
    } catch (Throwable unexpected) {
      throw new AssertionError("on_exit throws nothing", unexpected);
    }
  }
}
