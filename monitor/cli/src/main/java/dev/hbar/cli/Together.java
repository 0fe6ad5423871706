package dev.hbar.cli;

import dev.hbar.mlx.MlxDistributed;
import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxThread;
import dev.hbar.study.ranks.RankWatch;
import dev.hbar.study.ranks.Ranks;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** One model over the ranks that a launcher started, each with its part. */
final class Together {
  /** In which the watch finds out who is lost, and ends this process. */
  private static final int FINDING_OUT_SECONDS = 3;

  private final Environment environment;

  @Option(
      names = "--parallel",
      paramLabel = "tensor",
      description =
          "Spread the model over the ranks that scripts/launch or mlx.launch started: each has some "
              + "heads of every attention and a share of every MLP. Rank 0 prints.")
  private Optional<Kind> parallel = Optional.empty();

  Together(Environment environment) {
    this.environment = environment;
  }

  /** How a model is spread. */
  enum Kind {
    TENSOR
  }

  /** What this process does, alone or as one of a group. */
  @FunctionalInterface
  interface Work {
    /** Returns the exit code. */
    int run(Optional<MlxGroup> group);
  }

  /**
   * Why several ranks could not do the same, if so.
   *
   * @param piped whether the prompt is on stdin
   * @param drawn whether tokens are drawn without a seed
   */
  Optional<String> problem(boolean piped, boolean drawn) {
    if (parallel.isEmpty()) {
      return Optional.empty();
    }
    if (piped) {
      return Optional.of("--parallel needs the text of the --prompt: stdin reaches rank 0 alone");
    }
    if (drawn) {
      return Optional.of("--parallel with a --temperature needs a --seed, the same for all ranks");
    }
    Map<String, String> launched = environment.variables();
    return launched.containsKey("MLX_RANK") && !"1".equals(launched.get("HBAR_RANKS"))
        ? Optional.empty()
        : Optional.of("--parallel needs several ranks; start them with scripts/launch -n N");
  }

  /** Does the work, alone or with all ranks; of those only rank 0 says why one failed. */
  int run(Work work) {
    if (parallel.isEmpty()) {
      return work.run(Optional.empty());
    }
    Optional<RankWatch> watch = watch();
    try {
      int code = work.run(Optional.of(group()));
      watch.ifPresent(RankWatch::finished);
      return code;
    } catch (RuntimeException failure) {
      if (failure instanceof MlxException && watch.isPresent()) {
        awaitTheWatch();
      }
      String why = String.valueOf(failure.getMessage());
      if (watch.filter(others -> others.reported(why)).isPresent()) {
        return ExitCodes.FAILED;
      }
      throw failure;
    } finally {
      watch.ifPresent(RankWatch::close);
    }
  }

  /** Without a secret there is none: then the launcher must end the ranks when one is lost. */
  private Optional<RankWatch> watch() {
    return environment.variables().containsKey(Ranks.SECRET)
        ? Ranks.of(environment.variables())
            .map(ranks -> RankWatch.open(ranks, environment.err()::println, this::end))
        : Optional.empty();
  }

  private static MlxGroup group() {
    MlxGroup[] group = new MlxGroup[1];
    MlxThread.run(() -> group[0] = MlxDistributed.init());
    return group[0];
  }

  private static void awaitTheWatch() {
    try {
      TimeUnit.SECONDS.sleep(FINDING_OUT_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** In the watch's thread; the other may be in native code for ever. */
  private void end(RankWatch.End end) {
    end.words()
        .ifPresent(
            words -> {
              environment.text().println();
              environment.flush();
              environment.err().println("hbar: " + words);
            });
    Runtime.getRuntime().halt(end.well() ? ExitCodes.OK : ExitCodes.FAILED);
  }
}
