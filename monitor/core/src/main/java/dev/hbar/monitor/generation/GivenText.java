package dev.hbar.monitor.generation;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import dev.hbar.monitor.signal.VocabularySum;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A text that is given, read in pieces: what the model thinks of each of its tokens, and its
 * states. Only a few numbers a token leave MLX, never the logits of a whole vocabulary. Each piece
 * is one task on MLX's thread.
 */
final class GivenText {
  /** Tokens of a piece: bounds the logits of a vocabulary that are alive at once. */
  private static final int PIECE = 128;

  private static final CapturePoint LOGITS = new CapturePoint.Logits();
  private static final int NUMBERS = 3;

  private final GenerationModel model;
  private final int[] ids;

  GivenText(GenerationModel model, int[] ids) {
    this.model = model;
    this.ids = ids;
  }

  /** Refuses an id that the vocabulary does not have. */
  void requireKnown() {
    int vocabulary = model.config().vocabSize();
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new GenerationException.BadPrompt(
            "token id %s is outside the vocabulary of %s; give ids from 0 to %s"
                .formatted(id, model.name(), vocabulary - 1));
      }
    }
  }

  /** Refuses points in blocks that the model does not have. */
  void requireBlocks(List<CapturePoint> points) {
    int layers = model.config().layers();
    for (CapturePoint point : points) {
      if (point.block().filter(block -> block < 0 || block >= layers).isPresent()) {
        throw new GenerationException.BadPrompt(
            "no state %s: the blocks of %s are 0 to %s"
                .formatted(point.label(), model.name(), layers - 1));
      }
    }
  }

  /**
   * ln p, entropy, rank and the likeliest tokens of each token from {@code from} on, at least 1.
   */
  List<ScoredToken> scores(int from, int alternatives) {
    Likeliest likeliest = Likeliest.of(alternatives, model.config().vocabSize());
    int width = NUMBERS + likeliest.width();
    ScoredToken[] scores = new ScoredToken[ids.length - from];
    CaptureRequest request = new CaptureRequest(Set.of(LOGITS), Span.ALL);
    read(
        ids.length - 1,
        (piece, step, loaded, cache) -> {
          if (piece.to() < from) {
            loaded.prefill(step, piece.batch(step, loaded), cache);
            step.eval(cache.buffers());
            return;
          }
          Forward forward = loaded.forward(step, piece.batch(step, loaded), cache, request);
          float[] read =
              measured(step, forward.captured().get(LOGITS), piece, likeliest).toFloats();
          for (int i = 0; i < piece.length(); i++) {
            int next = piece.from() + i + 1;
            if (next >= from) {
              scores[next - from] =
                  scored(
                      ids[next], Arrays.copyOfRange(read, i * width, (i + 1) * width), likeliest);
            }
          }
        });
    return List.of(scores);
  }

  private ScoredToken scored(int id, float[] measured, Likeliest likeliest) {
    requireFinite("the log-probability of a given token", measured[0]);
    requireFinite("the entropy of a given token", measured[1]);
    return new ScoredToken(
        id,
        model.tokenizer().decode(new int[] {id}, false),
        measured[0],
        measured[1],
        (int) measured[2],
        likeliest.read(measured, NUMBERS, model.tokenizer()));
  }

  private void requireFinite(String what, float... values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new NonFiniteException(what, String.valueOf(model.config().file().getParent()));
      }
    }
  }

  /** [T, 3 + 2 k] of the tokens that follow those of the piece. */
  private MlxArray measured(MlxScope step, MlxArray logits, Piece piece, Likeliest likeliest) {
    MlxOps ops = step.ops();
    int rows = piece.length();
    MlxArray table = ops.reshape(logits, rows, logits.dim(-1));
    int[] following = Arrays.copyOfRange(ids, piece.from() + 1, piece.to() + 1);
    MlxArray next = step.ints(following, rows, 1);
    MlxArray logP = ops.subtract(table, VocabularySum.logSumExp(step, table));
    MlxArray chosen = ops.takeAlongAxis(logP, next, 1);
    MlxArray entropy =
        ops.expandDims(ops.negative(VocabularySum.of(step, ops.multiply(ops.exp(logP), logP))), 1);
    MlxArray likelier = ops.astype(ops.greater(logP, chosen), DType.FLOAT32);
    MlxArray numbers = ops.concatenate(1, chosen, entropy, ops.sum(likelier, -1, true));
    return ops.contiguous(
        likeliest.count() == 0
            ? numbers
            : ops.concatenate(1, numbers, likeliest.measure(step, table)));
  }

  /** The states of every token at these points: a row of floats per token. */
  Map<String, float[][]> states(List<CapturePoint> points) {
    Map<String, float[][]> states = new TreeMap<>();
    points.forEach(point -> states.put(point.label(), new float[ids.length][]));
    CaptureRequest request = new CaptureRequest(Set.copyOf(points), Span.ALL);
    read(
        ids.length,
        (piece, step, loaded, cache) -> {
          Forward forward = loaded.forward(step, piece.batch(step, loaded), cache, request);
          for (CapturePoint point : points) {
            MlxArray state =
                step.ops()
                    .swapaxes(
                        step.ops().astype(forward.captured().get(point), DType.FLOAT32),
                        1,
                        point.positionAxis());
            float[] flat = step.ops().contiguous(state).toFloats();
            requireFinite(point.label(), flat);
            int width = flat.length / piece.length();
            float[][] rows = states.get(point.label());
            for (int i = 0; i < piece.length(); i++) {
              rows[piece.from() + i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
          }
          step.eval(cache.buffers());
        });
    return states;
  }

  private interface Reader {
    void read(Piece piece, MlxScope step, CausalLm loaded, KvCache cache);
  }

  /** Tokens [from, to) of the text. */
  private record Piece(int[] ids, int from, int to) {
    int length() {
      return to - from;
    }

    TokenBatch batch(MlxScope step, CausalLm loaded) {
      int vocabulary = loaded.config().vocabSize();
      return TokenBatch.of(step, List.of(Arrays.copyOfRange(ids, from, to)), vocabulary);
    }
  }

  private void read(int end, Reader reader) {
    MlxScope run = model.onModel(loaded -> loaded.openRun("given text"));
    try {
      KvCache cache = model.onModel(loaded -> loaded.newCache(run, new SequenceLength(ids.length)));
      for (int from = 0; from < end; from += PIECE) {
        Piece piece = new Piece(ids, from, Math.min(end, from + PIECE));
        interruptible(
            () ->
                model.onModel(
                    loaded -> {
                      try (MlxScope step = run.child("piece")) {
                        reader.read(piece, step, loaded, cache);
                      }
                      return true;
                    }));
      }
    } finally {
      model.release(run);
    }
  }

  private static void interruptible(Runnable piece) {
    if (Thread.currentThread().isInterrupted()) {
      throw new GenerationException.Interrupted("the thread that read a text was interrupted");
    }
    piece.run();
  }
}
