package dev.hbar.mlx;

import dev.hbar.mlx.internal.Execution;
import dev.hbar.mlx.internal.StreamCalls;
import dev.hbar.mlx.internal.StreamHandle;
import java.util.function.Supplier;

/**
 * A queue of work on one device. What is built on one stream may be used on another, MLX waits
 * where it must; an array is computed on the stream it was built on, wherever it is evaluated. A
 * stream belongs to the owner thread and lives as long as the process (on a CPU it is a native
 * thread), so make the few you need once. Owner thread only. Equality is that of MLX's streams.
 */
public final class MlxStream {
  private final StreamHandle handle;

  private MlxStream(StreamHandle handle) {
    this.handle = handle;
  }

  /** The stream that operations go to now: the device's default, or that of {@link #call}. */
  public static MlxStream current() {
    MlxThread.requireOwner();
    return new MlxStream(Execution.current());
  }

  /**
   * The stream that operations on {@code device} go to now.
   *
   * @throws MlxException when there is no such device
   */
  public static MlxStream defaultOf(Device device) {
    MlxThread.requireOwner();
    return new MlxStream(StreamCalls.defaultOf(device));
  }

  /**
   * A new stream.
   *
   * @throws MlxException when there is no such device
   */
  public static MlxStream create(Device device) {
    MlxThread.requireOwner();
    return new MlxStream(StreamCalls.create(device));
  }

  /**
   * Runs {@code work} with this stream as the one of every operation built in it, also of those
   * that MLX adds by itself, such as casts; afterwards operations go where they went before.
   */
  public <T> T call(Supplier<T> work) {
    MlxThread.requireOwner();
    return Execution.on(handle, work);
  }

  /** The same for work without a result. */
  public void run(Runnable work) {
    call(
        () -> {
          work.run();
          return this;
        });
  }

  /** The device that the stream runs on. */
  public Device device() {
    return handle.device();
  }

  /** MLX's number of the stream, counted over all devices and threads. */
  public int index() {
    return handle.index();
  }

  StreamHandle handle() {
    return handle;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlxStream stream && stream.index() == index();
  }

  @Override
  public int hashCode() {
    return index();
  }

  @Override
  public String toString() {
    return "MlxStream(" + device() + ", " + index() + ")";
  }
}
