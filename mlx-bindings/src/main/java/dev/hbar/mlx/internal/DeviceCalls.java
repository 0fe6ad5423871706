package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.gen.cuda_h;
import dev.hbar.mlx.gen.device_h;
import dev.hbar.mlx.gen.metal_h;
import dev.hbar.mlx.gen.vector_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** What MLX says of the devices here. */
public final class DeviceCalls {
  private DeviceCalls() {}

  /** Devices of one kind. */
  public static int count(Device device) {
    MemorySegment out = Scratch.bytes(Integer.BYTES);
    NativeCall.check("mlx_device_count", device_h.mlx_device_count(out, device.ordinal()));
    return out.get(ValueLayout.JAVA_INT, 0);
  }

  /** True where this MLX computes with Metal. */
  public static boolean hasMetal() {
    return flag("mlx_metal_is_available", metal_h::mlx_metal_is_available);
  }

  /** True where this MLX computes with CUDA. */
  public static boolean hasCuda() {
    return flag("mlx_cuda_is_available", cuda_h::mlx_cuda_is_available);
  }

  /** The file of Metal's kernels that was set; empty without one, and without Metal. */
  public static String metallib() {
    return hasMetal()
        ? NativeText.of("mlx_metal_get_metallib_path", metal_h::mlx_metal_get_metallib_path)
        : "";
  }

  /** The notes that MLX has of a device, by name; numbers as decimal texts. */
  public static Map<String, String> info(Device device) {
    MemorySegment info = Slots.take();
    MemorySegment keys = Slots.take();
    try {
      device_h.mlx_device_info_new((size, alignment) -> info);
      int status =
          StreamCalls.withDevice(device, struct -> device_h.mlx_device_info_get(info, struct));
      NativeCall.check("mlx_device_info_get", status);
      NativeCall.check("mlx_device_info_get_keys", device_h.mlx_device_info_get_keys(keys, info));
      Map<String, String> notes = new TreeMap<>();
      MemorySegment text = Scratch.bytes(Long.BYTES);
      long count = vector_h.mlx_vector_string_size(keys);
      for (long i = 0; i < count; i++) {
        NativeCall.check("mlx_vector_string_get", vector_h.mlx_vector_string_get(text, keys, i));
        MemorySegment key = text.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE);
        notes.put(key.getString(0), note(info, key));
      }
      return notes;
    } finally {
      vector_h.mlx_vector_string_free(keys);
      device_h.mlx_device_info_free(info);
      Slots.give(keys);
      Slots.give(info);
    }
  }

  /**
   * What a device should hold at most, in bytes: Metal's recommended working set, the memory of a
   * CUDA device; empty where the notes have neither, as those of a CPU.
   */
  static OptionalLong recommendedBytes(Map<String, String> notes) {
    return Stream.of("max_recommended_working_set_size", "total_memory")
        .map(name -> notes.getOrDefault(name, "0"))
        .mapToLong(Long::parseUnsignedLong)
        .filter(bytes -> bytes > 0)
        .findFirst();
  }

  private static String note(MemorySegment info, MemorySegment key) {
    MemorySegment out = Scratch.bytes(Long.BYTES);
    if (flag("mlx_device_info_is_string", o -> device_h.mlx_device_info_is_string(o, info, key))) {
      NativeCall.check(
          "mlx_device_info_get_string", device_h.mlx_device_info_get_string(out, info, key));
      return out.get(ValueLayout.ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }
    NativeCall.check("mlx_device_info_get_size", device_h.mlx_device_info_get_size(out, info, key));
    return Long.toUnsignedString(out.get(ValueLayout.JAVA_LONG, 0));
  }

  private static boolean flag(String function, ToIntFunction<MemorySegment> call) {
    MemorySegment out = Scratch.bytes(1);
    NativeCall.check(function, call.applyAsInt(out));
    return out.get(ValueLayout.JAVA_BYTE, 0) != 0;
  }
}
