package dev.hbar.model.decode;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One sequence under way: the ids it has seen, their cache, and the tokens that follow. A later
 * prompt goes on behind what it has in common with them, where the states of all layers can be
 * taken back to there (see {@link KvCache#trim}); otherwise all of it is computed.
 *
 * <p>Each method is one piece of work on MLX's thread, a prefill piece or a step at most. A caller
 * that hands them to that thread one by one leaves room for other callers in between.
 */
public final class Session implements AutoCloseable {
  private final CausalLm model;
  private final MlxScope run;
  private Optional<KvCache> cache = Optional.empty();
  private Optional<BatchDecoder> decoder = Optional.empty();
  private int[] seen = {};
  private List<int[]> rest = List.of(new int[0]);
  private boolean started;
  private int reused;
  private int begunWith;

  /** An empty sequence; its arrays belong to a run of the model and are freed with it. */
  public Session(CausalLm model) {
    this.model = model;
    this.run = model.openRun("session");
  }

  /**
   * Takes the next prompt, all of it: ids that the cache holds already are not computed again.
   *
   * @param prompt at least one id
   * @param probe measures every step of this prompt's answer
   */
  public void begin(int[] prompt, StepProbe probe, Sampling sampling) {
    decoder.ifPresent(BatchDecoder::close);
    decoder = Optional.empty();
    KvCache held = cache.filter(kept -> continuesWith(kept, prompt)).orElseGet(() -> fresh(prompt));
    reused = held.tokens(0);
    rest = List.of(Arrays.copyOfRange(prompt, reused, prompt.length));
    seen = prompt.clone();
    started = false;
    // A step ahead hides the host's work behind a GPU; on a CPU it would be wasted at the end.
    int depth = Mlx.device() == Device.GPU ? 1 : 0;
    decoder = Optional.of(new BatchDecoder(model, run, held, probe, sampling, depth));
  }

  /**
   * Takes the cache back to what it has in common with the prompt, whose last id is always
   * computed.
   *
   * @return false if that is nothing, or the cache cannot go back to it
   */
  private boolean continuesWith(KvCache held, int[] prompt) {
    int tokens = held.tokens(0);
    int most = Math.min(tokens, prompt.length - 1);
    int differs = Arrays.mismatch(seen, 0, most, prompt, 0, most);
    int common = differs < 0 ? most : differs;
    SequenceLength wanted = new SequenceLength(prompt.length);
    return common > 0
        && model.turnsAlike(new SequenceLength(begunWith), wanted)
        && model.turnsAlike(new SequenceLength(tokens), wanted)
        && (common == tokens || held.trim(common));
  }

  private KvCache fresh(int[] prompt) {
    cache.ifPresent(KvCache::close);
    KvCache empty = model.newCache(run, new SequenceLength(prompt.length));
    cache = Optional.of(empty);
    begunWith = prompt.length;
    return empty;
  }

  /** Ids of the prompt that are still to be computed before the first token is known. */
  public int left() {
    return rest.getFirst().length;
  }

  /** Ids of the last prompt that were in the cache already. */
  public int reused() {
    return reused;
  }

  /**
   * Computes one more piece of the prompt.
   *
   * @return whether there was one; if not, {@link #step} comes next
   */
  public boolean prefill() {
    return prefill(Prefill.CHUNK);
  }

  /**
   * The same with a piece of at most so many tokens, for a caller that must be back soon.
   *
   * @return whether there was a piece; if not, {@link #step} comes next
   */
  public boolean prefill(int most) {
    Prefill pieces = new Prefill(model, run, Math.min(most, Prefill.CHUNK));
    List<int[]> left = pieces.onePiece(cache.orElseThrow(), rest);
    boolean computed = left != rest;
    rest = left;
    return computed;
  }

  /**
   * The next token. The first one takes what is left of the prompt.
   *
   * @throws NonFiniteLogitsException if the model computed NaN or infinity
   */
  public Step step() {
    BatchDecoder decoding = decoder.orElseThrow();
    Step step = started ? decoding.next() : decoding.start(rest, List.of(seen));
    started = true;
    seen = Arrays.copyOf(seen, seen.length + 1);
    seen[seen.length - 1] = step.tokens()[0];
    return step;
  }

  /** Goes on from a copy of what another sequence has seen; before {@link #begin}. */
  void continueFrom(PrefixCache.Kept other) {
    cache = Optional.of(KvCache.stack(run, List.of(other.cache()), new int[] {0}));
    seen = other.ids();
    begunWith = other.begunWith();
  }

  /** A copy of what it has seen, which {@code owner} owns. */
  PrefixCache.Kept kept(MlxScope owner) {
    KvCache copy = KvCache.stack(owner, List.of(cache.orElseThrow()), new int[] {0});
    return new PrefixCache.Kept(Arrays.copyOf(seen, copy.tokens(0)), copy, begunWith, false);
  }

  /** Whether what it has seen can be taken back token by token. */
  public boolean isTrimmable() {
    return cache.orElseThrow().isTrimmable();
  }

  /** What measures the steps of the last prompt's answer, and can read what it measured. */
  public StepProbe probe() {
    return decoder.orElseThrow().probe();
  }

  /** What chooses its tokens, after the first one, which a batch goes on with. */
  BatchDecoder decoder() {
    return decoder.orElseThrow();
  }

  /** The last prompt and the tokens that followed. */
  public int[] seen() {
    return seen.clone();
  }

  /** Frees everything. Idempotent. */
  @Override
  public void close() {
    run.close();
  }
}
