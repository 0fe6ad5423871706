package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.gen.compile_h;
import dev.hbar.mlx.gen.device_h;
import dev.hbar.mlx.gen.stream_h;
import dev.hbar.mlx.gen.transforms_h;
import dev.hbar.mlx.gen.vector_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * Device, stream and evaluation on the owner thread. There is exactly one stream, the owner's
 * default one of the chosen device: some operations ignore the stream they are given for inner
 * casts.
 */
public final class Runtime {
  private static MemorySegment stream;
  private static Device device;

  private Runtime() {}

  /**
   * Loads the library and takes the default stream: the GPU where MLX has one, else the CPU. Owner
   * thread, once.
   */
  public static void start() {
    if (stream != null) {
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
    MemorySegment struct = device_h.mlx_device_new_type(allocator(), wanted.ordinal(), 0);
    NativeCall.check("mlx_set_default_device", device_h.mlx_set_default_device(struct));
    MemorySegment slot = Slots.take();
    NativeCall.check("mlx_get_default_stream", stream_h.mlx_get_default_stream(slot, struct));
    device_h.mlx_device_free(struct);
    if (stream != null) {
      stream_h.mlx_stream_free(stream);
      Slots.give(stream);
    }
    Slots.give(struct);
    stream = slot;
    device = wanted;
  }

  public static boolean isAvailable(Device wanted) {
    MemorySegment struct = device_h.mlx_device_new_type(allocator(), wanted.ordinal(), 0);
    MemorySegment out = Scratch.bytes(1);
    int status = device_h.mlx_device_is_available(out, struct);
    device_h.mlx_device_free(struct);
    Slots.give(struct);
    ErrorTrap.clear();
    return status == 0 && out.get(ValueLayout.JAVA_BYTE, 0) != 0;
  }

  public static Device device() {
    return device;
  }

  static MemorySegment stream() {
    return stream;
  }

  /** Waits until everything submitted to the stream is done. */
  public static void synchronize() {
    NativeCall.check("mlx_synchronize", stream_h.mlx_synchronize(stream));
  }

  /** Evaluates the arrays and waits. */
  public static void eval(ArrayHandle... arrays) {
    MemorySegment vector = vector(arrays);
    int status = transforms_h.mlx_eval(vector);
    free(vector);
    NativeCall.check("mlx_eval", status, arrays);
  }

  /**
   * Submits the arrays for evaluation and returns; an error comes out of whatever evaluates or
   * reads next.
   */
  public static void asyncEval(ArrayHandle... arrays) {
    MemorySegment vector = vector(arrays);
    int status = transforms_h.mlx_async_eval(vector);
    free(vector);
    NativeCall.check("mlx_async_eval", status, arrays);
  }

  /** A vector of references; the caller frees it, the arrays stay with their owners. */
  static MemorySegment vector(ArrayHandle... arrays) {
    MemorySegment vector = vector_h.mlx_vector_array_new(allocator());
    for (ArrayHandle array : arrays) {
      vector_h.mlx_vector_array_append_value(vector, array.struct());
    }
    return vector;
  }

  static void free(MemorySegment vector) {
    vector_h.mlx_vector_array_free(vector);
    Slots.give(vector);
  }

  private static SegmentAllocator allocator() {
    MemorySegment slot = Slots.take();
    return (size, alignment) -> slot;
  }
}
