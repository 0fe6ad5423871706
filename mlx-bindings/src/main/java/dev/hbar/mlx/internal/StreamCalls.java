package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.gen.device_h;
import dev.hbar.mlx.gen.stream_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Streams of the owner thread; streams of other threads would be of no use here. */
public final class StreamCalls {
  private static final Map<Integer, StreamHandle> KNOWN = new HashMap<>();

  private StreamCalls() {}

  /** The stream that operations of this thread on {@code device} go to now. */
  public static StreamHandle defaultOf(Device device) {
    return onDevice(
        device,
        struct -> {
          MemorySegment slot = Slots.take();
          NativeCall.check("mlx_get_default_stream", stream_h.mlx_get_default_stream(slot, struct));
          return slot;
        });
  }

  /** A further stream; on a CPU it is a native thread that never ends. */
  public static StreamHandle create(Device device) {
    ErrorTrap.clear();
    return onDevice(
        device,
        struct -> {
          MemorySegment slot = Slots.take();
          stream_h.mlx_stream_new_device((size, alignment) -> slot, struct);
          boolean made = slot.get(ValueLayout.JAVA_LONG, 0) != 0;
          NativeCall.check("mlx_stream_new_device", made ? 0 : 1);
          return slot;
        });
  }

  /** Waits until everything submitted to the stream is done; throws what failed on it. */
  public static void synchronize(StreamHandle stream) {
    NativeCall.check("mlx_synchronize", stream_h.mlx_synchronize(stream.struct()));
  }

  static void makeDefault(StreamHandle stream) {
    NativeCall.check("mlx_set_default_stream", stream_h.mlx_set_default_stream(stream.struct()));
  }

  static void makeDefault(Device device) {
    withDevice(
        device,
        struct -> {
          NativeCall.check("mlx_set_default_device", device_h.mlx_set_default_device(struct));
          return device;
        });
  }

  /** Runs {@code call} with MLX's struct for {@code device}, which is freed afterwards. */
  static <T> T withDevice(Device device, Function<MemorySegment, T> call) {
    MemorySegment slot = Slots.take();
    device_h.mlx_device_new_type((size, alignment) -> slot, device.ordinal(), 0);
    try {
      return call.apply(slot);
    } finally {
      device_h.mlx_device_free(slot);
      Slots.give(slot);
    }
  }

  private static StreamHandle onDevice(Device device, Function<MemorySegment, MemorySegment> call) {
    MemorySegment struct = withDevice(device, call);
    MemorySegment out = Scratch.bytes(4);
    NativeCall.check("mlx_stream_get_index", stream_h.mlx_stream_get_index(out, struct));
    int index = out.get(ValueLayout.JAVA_INT, 0);
    StreamHandle known = KNOWN.get(index);
    if (known == null) {
      known = new StreamHandle(struct, device, index);
      KNOWN.put(index, known);
      ExitPath.finishFirst(struct, device);
    } else {
      stream_h.mlx_stream_free(struct);
      Slots.give(struct);
    }
    return known;
  }
}
