package dev.hbar.mlx;

import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Scenes for a child JVM: legal use that a careless binding would crash on. */
final class AwkwardUse {
  private AwkwardUse() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "reads" -> MlxThread.run(AwkwardUse::reads);
      case "percent" -> percent(folder);
      case "manyThreads" -> compute(Executors.newFixedThreadPool(8), 200);
      case "virtualThreads" -> compute(Executors.newVirtualThreadPerTaskExecutor(), 400);
      case "wrongThread" -> wrongThread();
      case "exits" -> {
        evaluateForLong();
        System.exit(7);
      }
      case "halts" -> {
        evaluateForLong();
        Runtime.getRuntime().halt(9);
      }
      case "returns" -> evaluateForLong();
      case "unavailable" -> System.out.println(Mlx.unavailable().orElseThrow());
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Lazy, transposed, broadcast, empty and half-width arrays, read without being evaluated. */
  private static void reads() {
    try (MlxScope s = MlxScope.open("reads")) {
      MlxArray a = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      require(Arrays.equals(s.ops().add(a, a).toFloats(), new float[] {2, 4, 6, 8, 10, 12}));
      MlxArray turned = s.ops().transpose(a, 1, 0);
      require(Arrays.equals(turned.toInts(), new int[] {1, 4, 2, 5, 3, 6}));
      MlxArray wide = s.ops().broadcastTo(s.scalar(7, DType.FLOAT16), 1000, 1000);
      require(wide.toBytes().length == 2_000_000 && wide.toFloats()[999_999] == 7f);
      require(s.ops().zeros(DType.BFLOAT16, 0, 3).toFloats().length == 0);
      require(s.scalar(1.5f, DType.BFLOAT16).item() == 1.5f);
      require(s.scalar(3f, DType.FLOAT16).itemInt() == 3);
    }
    require(Mlx.liveArrays() == 0);
  }

  /** mlx-c takes an error text for a format; a '%' in a path must never get there. */
  private static void percent(Path folder) throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a%20s%n"));
    Path file = odd.resolve("%s%s%n.safetensors");
    ByteBuffer bytes = ByteBuffer.allocate(8);
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(
            new TensorToWrite(
                "w", DType.UINT8, List.of(8), channel -> channel.write(bytes.rewind()))));
    MlxThread.run(
        () -> {
          try (MlxScope s = MlxScope.open("percent")) {
            require(
                SafetensorsLoader.load(s, SafetensorsHeaderReader.read(file)).get("w").size() == 8);
          }
        });
    try {
      SafetensorsHeaderReader.read(odd.resolve("%n%s-missing.safetensors"));
      throw new AssertionError("a missing file was read");
    } catch (MlxFileException missing) {
      System.out.println(missing.getMessage());
    }
  }

  private static void compute(ExecutorService threads, int tasks) throws Exception {
    List<Future<Float>> sums = new ArrayList<>();
    try (threads) {
      for (int i = 0; i < tasks; i++) {
        int n = i;
        sums.add(threads.submit(() -> MlxThread.call(() -> sumBelow(n))));
      }
    }
    for (int i = 0; i < tasks; i++) {
      require(sums.get(i).get() == i * (i - 1) / 2f);
    }
  }

  private static float sumBelow(int n) {
    try (MlxScope s = MlxScope.open("sum")) {
      return s.ops().sum(s.ops().arange(0, n, DType.FLOAT32), 0, false).item();
    }
  }

  private static void wrongThread() throws Exception {
    MlxScope scope = MlxThread.call(() -> MlxScope.open("run"));
    MlxArray array = MlxThread.call(() -> scope.floats(new float[] {1}, 1));
    List<Runnable> attempts =
        List.of(
            array::toFloats,
            array::close,
            array::shape,
            scope::close,
            () -> scope.ops().add(array, array),
            () -> scope.eval(array),
            () -> scope.child("child"),
            () -> MlxScope.open("other"),
            MlxMemory::clearCache);
    for (Runnable attempt : attempts) {
      requireRefused(attempt);
      CompletableFuture<Void> virtual = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> virtual.complete(requireRefused(attempt)));
      virtual.get();
    }
    MlxThread.run(scope::close);
  }

  private static Void requireRefused(Runnable attempt) {
    try {
      attempt.run();
    } catch (IllegalStateException refused) {
      require(refused.getMessage().contains("MlxThread.call"));
      return null;
    }
    throw new AssertionError("another thread was let in");
  }

  /** Queues seconds of work and returns while it runs. */
  private static void evaluateForLong() throws InterruptedException {
    CompletableFuture<Void> running = new CompletableFuture<>();
    MlxThread.submit(
        () -> {
          try (MlxScope s = MlxScope.open("long")) {
            MlxArray x = s.random().normal(s.random().key(1), DType.FLOAT32, 1000, 1000);
            s.eval(x);
            running.complete(null);
            for (int i = 0; i < 30; i++) {
              x = s.ops().matmul(x, x);
            }
            return x.toFloats();
          }
        });
    running.join();
    Thread.sleep(50);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("wrong answer");
    }
  }
}
