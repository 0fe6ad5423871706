package dev.hbar.monitor.generation;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.SignalProbe;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * How fast a model reads and writes here, measured as mlx-lm's benchmark does: a prompt of random
 * ids, then so many new tokens whatever they are, one evaluation each.
 *
 * @param promptTokens ids of the prompt, at least 1
 * @param newTokens ids that follow, at least 2: the first one counts as part of the prompt
 * @param monitor what is measured of every token meanwhile
 */
public record Benchmark(int promptTokens, int newTokens, Monitor monitor) {
  /** Builds of a step before those that are timed: the JVM has compiled the code by then. */
  private static final int WARM_UP = 1500;

  private static final int BUILDS = 100;
  private static final long SEED = 0;

  /** What is measured of every token. */
  public enum Monitor {
    /** Nothing. */
    OFF,
    /** PRI, from the last block. */
    FINAL,
    /** Every cheap signal, from all blocks. */
    FULL;

    /** The name on the command line and in JSON. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A fresh probe of the signals, for one run of a model with so many blocks. */
    Optional<SignalProbe> signals(int layers) {
      return switch (this) {
        case OFF -> Optional.empty();
        case FINAL -> Optional.of(SignalProbe.lastBlock(layers));
        case FULL -> Optional.of(SignalProbe.complete(layers, List.of()));
      };
    }

    private StepProbe probe(int layers) {
      return signals(layers).<StepProbe>map(signals -> signals).orElse(StepProbe.NONE);
    }
  }

  /**
   * One trial.
   *
   * @param promptSeconds from the first id of the prompt to the first new token
   * @param decodeSeconds from there to the last new token
   * @param peakBytes most that MLX held
   */
  public record Trial(double promptSeconds, double decodeSeconds, long peakBytes) {}

  /** Refuses texts that are too short to measure. */
  public Benchmark {
    if (promptTokens < 1) {
      throw new IllegalArgumentException("prompt-tokens must be at least 1: " + promptTokens);
    }
    if (newTokens < 2) {
      throw new IllegalArgumentException("new-tokens must be at least 2: " + newTokens);
    }
  }

  /** The settings that a model is loaded for. */
  private GenerationSettings settings() {
    return GenerationSettings.builder().maxTokens(newTokens).build();
  }

  /**
   * Loads the weights, unless they are loaded.
   *
   * @return seconds
   * @throws GenerationException.BadPrompt if the text does not fit into the context
   */
  public double load(GenerationModel model) {
    long start = System.nanoTime();
    model.load(promptTokens, settings());
    return seconds(start);
  }

  /** Reads a prompt and writes behind it, once. Loads the weights if they are not. */
  public Trial run(GenerationModel model) {
    model.load(promptTokens, settings());
    int[] prompt = prompt(model);
    return model.onModel(loaded -> run(loaded, prompt));
  }

  /** Random ids, the same every time. */
  int[] prompt(GenerationModel model) {
    return new Random(SEED).ints(promptTokens, 0, model.config().vocabSize()).toArray();
  }

  private Trial run(CausalLm model, int[] prompt) {
    MlxMemory.clearCache();
    MlxMemory.resetPeak();
    try (Session session = new Session(model)) {
      long start = System.nanoTime();
      session.begin(prompt, monitor.probe(model.layers()), Sampling.GREEDY);
      while (session.prefill()) {}
      session.step();
      double promptSeconds = seconds(start);
      long first = System.nanoTime();
      for (int token = 1; token < newTokens; token++) {
        session.step();
      }
      return new Trial(promptSeconds, seconds(first), MlxMemory.snapshot().peak());
    }
  }

  /**
   * What a step costs on the host: building its graph behind the prompt, nothing evaluated.
   *
   * @return median milliseconds
   */
  public double hostMillis(GenerationModel model) {
    model.load(promptTokens, settings());
    return model.onModel(
        loaded -> {
          double[] times = new double[BUILDS];
          for (int i = -WARM_UP; i < BUILDS; i++) {
            double millis = buildOnce(loaded);
            if (i >= 0) {
              times[i] = millis;
            }
          }
          Arrays.sort(times);
          return times[BUILDS / 2];
        });
  }

  private double buildOnce(CausalLm model) {
    StepProbe probe = monitor.probe(model.layers());
    try (MlxScope run = model.openRun("bench");
        KvCache cache = model.newCache(run, new SequenceLength(promptTokens))) {
      try (MlxScope prefill = run.child("prefill")) {
        cache.plan(prefill, promptTokens, new int[1], MaskChoice.AUTO);
      }
      try (MlxScope step = run.child("step")) {
        TokenBatch token = TokenBatch.of(step, List.of(new int[1]), model.config().vocabSize());
        long start = System.nanoTime();
        Forward forward = model.forward(step, token, cache, probe.request());
        probe.measure(step, forward, step.ops().argmax(forward.logits(), -1, false));
        return seconds(start) * 1e3;
      }
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
