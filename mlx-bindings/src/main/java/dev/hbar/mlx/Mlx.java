package dev.hbar.mlx;

import dev.hbar.mlx.internal.Execution;
import dev.hbar.mlx.internal.LiveArrays;
import dev.hbar.mlx.internal.NativeLibrary;
import dev.hbar.mlx.internal.VersionGate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Is MLX here, which one, on which device. Any thread may ask. */
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
    return onOwner(VersionGate::version);
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
    return onOwner(NativeLibrary::folder);
  }

  /** The device that operations run on. */
  public static Device device() {
    return onOwner(Execution::device);
  }

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

  /** Number of array handles that are open in this process. */
  public static long liveArrays() {
    return onOwner(LiveArrays::count);
  }

  /** Where the open arrays were made; empty unless {@code -Dhbar.mlx.traces=true}. */
  public static List<Throwable> liveArrayTraces() {
    return onOwner(LiveArrays::traces);
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
