package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.gen.compile_h;
import dev.hbar.mlx.gen.device_h;
import dev.hbar.mlx.gen.transforms_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Device, stream and evaluation on the owner thread. Every operation goes to one stream, the
 * owner's default one: some operations ignore the stream they are given for inner casts and take
 * the default, so another stream is used by making it the default for a while.
 */
public final class Execution {
  private static StreamHandle current;
  private static volatile OptionalLong recommended = OptionalLong.empty();
  private static volatile Device chosen;

  private Execution() {}

  /**
   * Loads the library and takes the default stream: the GPU where MLX has one, else the CPU. Owner
   * thread, once.
   */
  public static void start() {
    if (current != null) {
      return;
    }
    NativeLibrary.load();
    // Compiled CPU kernels are dlopened from a predictable file in the shared temp folder.
    NativeCall.check("mlx_disable_compile", compile_h.mlx_disable_compile());
    use(isAvailable(Device.GPU) ? Device.GPU : Device.CPU);
  }

  /**
   * Makes {@code wanted} the default device and its default stream the one of every later
   * operation.
   */
  public static void use(Device wanted) {
    StreamCalls.makeDefault(wanted);
    current = StreamCalls.defaultOf(wanted);
    recommended = DeviceCalls.recommendedBytes(DeviceCalls.info(wanted));
    chosen = wanted;
  }

  /** Runs {@code work} with every operation on {@code wanted}, inner casts included. */
  public static <T> T on(StreamHandle wanted, Supplier<T> work) {
    StreamHandle outer = current;
    StreamHandle displaced = StreamCalls.defaultOf(wanted.device());
    enter(wanted);
    try {
      return work.get();
    } finally {
      StreamCalls.makeDefault(displaced);
      enter(outer);
    }
  }

  private static void enter(StreamHandle stream) {
    StreamCalls.makeDefault(stream.device());
    StreamCalls.makeDefault(stream);
    current = stream;
  }

  public static boolean isAvailable(Device wanted) {
    MemorySegment out = Scratch.bytes(1);
    int status =
        StreamCalls.withDevice(wanted, struct -> device_h.mlx_device_is_available(out, struct));
    ErrorTrap.clear();
    return status == 0 && out.get(ValueLayout.JAVA_BYTE, 0) != 0;
  }

  /** The default device; empty before MLX is loaded. Any thread may ask. */
  public static Optional<Device> device() {
    return Optional.ofNullable(chosen);
  }

  /** What the default device should hold at most, in bytes. Any thread may ask. */
  public static OptionalLong recommendedBytes() {
    return recommended;
  }

  /** The stream that operations go to now. */
  public static StreamHandle current() {
    return current;
  }

  static MemorySegment stream() {
    return current.struct();
  }

  /** Evaluates the arrays and waits. */
  public static void eval(ArrayHandle... arrays) {
    MemorySegment vector = ArrayVector.of(arrays);
    int status = transforms_h.mlx_eval(vector);
    ArrayVector.free(vector);
    NativeCall.check("mlx_eval", status, arrays);
  }

  /**
   * Submits the arrays for evaluation and returns; an error comes out of whatever evaluates or
   * reads next.
   */
  public static void asyncEval(ArrayHandle... arrays) {
    MemorySegment vector = ArrayVector.of(arrays);
    int status = transforms_h.mlx_async_eval(vector);
    ArrayVector.free(vector);
    NativeCall.check("mlx_async_eval", status, arrays);
  }
}
