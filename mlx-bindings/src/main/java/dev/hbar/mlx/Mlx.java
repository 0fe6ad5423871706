package dev.hbar.mlx;

import dev.hbar.mlx.internal.DeviceCalls;
import dev.hbar.mlx.internal.Execution;
import dev.hbar.mlx.internal.ExitPath;
import dev.hbar.mlx.internal.LiveArrays;
import dev.hbar.mlx.internal.NativeLibrary;
import dev.hbar.mlx.internal.VersionGate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Is MLX here, which one, on which device. Any thread may ask. What never changes is answered at
 * once; only the first question of a process waits, until MLX is loaded.
 */
public final class Mlx {
  private Mlx() {}

  /** Why MLX cannot be used here, in one line; empty when it can. Loads it. */
  public static Optional<String> unavailable() {
    try {
      MlxThread.run(() -> {});
      return Optional.empty();
    } catch (MlxUnavailableException reason) {
      return Optional.of(reason.getMessage());
    }
  }

  /** MLX's version, such as {@code 0.32.2}. */
  public static String version() {
    load();
    return VersionGate.version();
  }

  /** The mlx-c version whose marks the loaded library carries. */
  public static String mlxcVersion() {
    return VersionGate.MLXC_WANTED;
  }

  /** The oldest MLX that is accepted. */
  public static String minimumVersion() {
    return VersionGate.MLX_MINIMUM;
  }

  /** The folder that libmlxc was loaded from. */
  public static Path libraryFolder() {
    load();
    return NativeLibrary.folder();
  }

  /** The device that operations run on. */
  public static Device device() {
    load();
    return Execution.device().orElseThrow();
  }

  /**
   * Bytes that the device of all operations should hold at most: what Metal calls its recommended
   * working set, the memory of a CUDA device. Empty on a CPU, and before MLX is loaded.
   */
  public static OptionalLong recommendedMemory() {
    return Execution.recommendedBytes();
  }

  /** How many devices of that kind there are. */
  public static int deviceCount(Device device) {
    return onOwner(() -> DeviceCalls.count(device));
  }

  /** What MLX says of a device, by name, such as {@code device_name} or {@code memory_size}. */
  public static Map<String, String> deviceInfo(Device device) {
    return onOwner(() -> DeviceCalls.info(device));
  }

  /** True where this MLX computes with Metal. */
  public static boolean hasMetal() {
    return onOwner(DeviceCalls::hasMetal);
  }

  /** The file of Metal's kernels that was set; empty where MLX looks beside its library. */
  public static Optional<String> metallib() {
    return Optional.of(onOwner(DeviceCalls::metallib)).filter(path -> !path.isEmpty());
  }

  /** True where this MLX computes with CUDA. */
  public static boolean hasCuda() {
    return onOwner(DeviceCalls::hasCuda);
  }

  /** True where MLX has that device and can use it. */
  public static boolean isAvailable(Device device) {
    return onOwner(() -> Execution.isAvailable(device));
  }

  /** Moves all later operations to {@code device}; before any array is made. */
  public static void use(Device device) {
    if (!isAvailable(device)) {
      throw new MlxUnavailableException(
          "this MLX has no " + device + ": leave the device at its default");
    }
    MlxThread.run(() -> Execution.use(device));
  }

  /**
   * Lets this process end at once instead of after the work that MLX has begun, with the code that
   * it ends with. Without this call an exit on Linux waits for matrix products that are running
   * (OpenBLAS could not be ended otherwise), at most those of one evaluation, and then everything
   * registered with {@code atexit} runs as usual. With it, nothing that was registered with {@code
   * atexit} before runs, and no destructor of any library: only a program that owns its process
   * wants that, as {@code hbar} does. Shutdown hooks of Java run in both cases. MLX need not be
   * loaded; other systems never wait.
   */
  public static void exitAtOnce() {
    ExitPath.atOnce();
  }

  /** Number of array handles that are open in this process. */
  public static long liveArrays() {
    return onOwner(LiveArrays::count);
  }

  /** Where the open arrays were made; empty unless {@code -Dhbar.mlx.traces=true}. */
  public static List<Throwable> liveArrayTraces() {
    return onOwner(LiveArrays::traces);
  }

  private static void load() {
    if (Execution.device().isEmpty()) {
      MlxThread.run(() -> {});
    }
  }

  private static <T> T onOwner(Supplier<T> question) {
    try {
      return MlxThread.call(question::get);
    } catch (RuntimeException unchecked) {
      throw unchecked;
    } catch (Exception impossible) {
      throw new AssertionError("a supplier throws nothing checked", impossible);
    }
  }
}
