package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.gen.stream_h;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * The end of the process on Linux. OpenBLAS's destructor joins its worker threads; when a matrix
 * product is running at that moment, the join never returns and the process hangs in exit. No
 * shutdown hook can rule that out, as other threads go on computing until the JVM has stopped. By
 * then nothing new is submitted, so exit waits for what MLX's streams still have to do: the C
 * library runs what is registered here before any library's destructor. A program that does not
 * want to wait ends at once instead, without destructors.
 */
public final class ExitPath {
  private static final boolean NEEDED = System.getProperty("os.name").equals("Linux");
  private static boolean atOnce;
  private static boolean loaded;

  private ExitPath() {}

  /** From now on exit goes straight to {@code _exit} with the same code. Any thread. */
  public static synchronized void atOnce() {
    if (!atOnce && loaded) {
      registerUnderscoreExit();
    }
    atOnce = true;
  }

  /** Exit waits for this stream; its struct lives as long as the process. */
  static synchronized void finishFirst(MemorySegment stream, Device device) {
    if (NEEDED && device == Device.CPU) {
      // The struct is one pointer, which is passed as the handler's one argument.
      MemorySegment pointer = stream.get(ValueLayout.ADDRESS, 0);
      function("__cxa_atexit", 3)
          .ifPresent(
              atexit ->
                  register(
                      atexit, stream_h.mlx_synchronize$address(), pointer, MemorySegment.NULL));
    }
    if (atOnce) {
      registerUnderscoreExit();
    }
    loaded = true;
  }

  /** What is registered last runs first, and it is handed the exit code. */
  private static void registerUnderscoreExit() {
    Optional<MemorySegment> exit = Linker.nativeLinker().defaultLookup().find("_exit");
    if (NEEDED && exit.isPresent()) {
      function("on_exit", 2).ifPresent(on -> register(on, exit.get(), MemorySegment.NULL));
    }
  }

  /** A function of the C library that takes pointers and returns an int. */
  private static Optional<MethodHandle> function(String name, int pointers) {
    Linker linker = Linker.nativeLinker();
    ValueLayout[] arguments = new ValueLayout[pointers];
    Arrays.fill(arguments, ValueLayout.ADDRESS);
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    return linker.defaultLookup().find(name).map(found -> linker.downcallHandle(found, type));
  }

  private static void register(MethodHandle registration, Object... arguments) {
    try {
      int status = (int) registration.invokeWithArguments(arguments);
      assert status == 0 : "registering fails only without memory";
    } catch (Throwable unexpected) {
      throw new AssertionError("registering throws nothing", unexpected);
    }
  }
}
