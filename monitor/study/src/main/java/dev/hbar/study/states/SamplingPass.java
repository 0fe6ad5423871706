package dev.hbar.study.states;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Step;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Asks a model again and again: draws the samples of a question in one batch over one shared
 * prefix, and lets the model itself judge whether one text entails another. Owner thread.
 */
final class SamplingPass {
  /** Judgements computed together. */
  private static final int JUDGED = 32;

  private final CausalLm model;
  private final Tokenizer tokenizer;
  private final int[] yesNo;

  /**
   * One sample.
   *
   * @param text up to the end of its line
   * @param logprob mean log-probability of its tokens, of the one that ended it if it has no other
   * @param tokens number of tokens that were generated, the last one included
   */
  record Drawn(String text, double logprob, int tokens) {}

  /** A question to the judge: does the one say what the other says? */
  record Pair(String one, String other) {
    /** The wording follows Farquhar and others (2024), who let a large model answer it. */
    String prompt() {
      return """
          We are evaluating answers to the same question.
          Possible Answer 1: %s
          Possible Answer 2: %s

          Does Possible Answer 1 semantically entail Possible Answer 2? Answer 'Yes' or 'No':"""
          .formatted(one, other);
    }
  }

  /**
   * What the judge said.
   *
   * @param yes whether the one entails the other, pair by pair
   * @param tokens that were read for it
   */
  record Judgement(boolean[] yes, int tokens) {
    /** How often it was yes. */
    int count() {
      int count = 0;
      for (boolean one : yes) {
        count += one ? 1 : 0;
      }
      return count;
    }
  }

  SamplingPass(CausalLm model, Tokenizer tokenizer, int[] yesNo) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.yesNo = yesNo.clone();
  }

  /**
   * Draws samples.
   *
   * @param prompt ids of what stands before the answer, at least one
   */
  List<Drawn> draw(int[] prompt, SamplingRequest request, long seed) {
    try (MlxScope run = model.openRun("sample")) {
      KvCache cache = forked(run, prompt, prompt.length - 1, request.samples(), prompt.length);
      SignalProbe probe = SignalProbe.lastBlock(model.layers());
      Sampling sampling = Sampling.at(request.temperature(), seed);
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, sampling, 0)) {
        return decode(decoder, probe, prompt[prompt.length - 1], request);
      }
    } finally {
      MlxMemory.clearCache();
    }
  }

  private List<Drawn> decode(
      BatchDecoder decoder, SignalProbe probe, int last, SamplingRequest request) {
    List<Row> all = IntStream.range(0, request.samples()).mapToObj(i -> new Row()).toList();
    Step step = decoder.start(Collections.nCopies(all.size(), new int[] {last}));
    List<Row> batch = all;
    for (int drawn = 1; ; drawn++) {
      for (int i = 0; i < batch.size(); i++) {
        double surprise = probe.signals(step.tokens()[i], step.measured()[i], 0).surprise();
        batch.get(i).add(step.tokens()[i], -surprise);
      }
      List<Row> before = batch;
      int[] going = IntStream.range(0, before.size()).filter(i -> !before.get(i).ended).toArray();
      if (going.length == 0 || drawn == request.maxTokens()) {
        return all.stream().map(Row::drawn).toList();
      }
      if (going.length < batch.size()) {
        decoder.retain(going);
        batch = Arrays.stream(going).mapToObj(before::get).toList();
      }
      step = decoder.next();
    }
  }

  /** A sample while it grows. */
  private final class Row {
    private int[] ids = {};
    private int tokens;
    private double sum;
    private double end;
    private boolean ended;

    private void add(int token, double logprob) {
      tokens++;
      int[] longer = Arrays.copyOf(ids, ids.length + 1);
      longer[ids.length] = token;
      ended =
          model.config().eosTokenIds().contains(token)
              || tokenizer.decode(longer).stripLeading().indexOf('\n') >= 0;
      if (ended) {
        end = logprob;
      } else {
        ids = longer;
        sum += logprob;
      }
    }

    private Drawn drawn() {
      return new Drawn(
          tokenizer.decode(ids).strip(), ids.length == 0 ? end : sum / ids.length, tokens);
    }
  }

  /** Asks the judge, all pairs in few batches over what their prompts share. */
  Judgement entails(List<Pair> pairs) {
    boolean[] yes = new boolean[pairs.size()];
    int tokens = 0;
    for (int at = 0; at < yes.length; at += JUDGED) {
      List<int[]> prompts =
          pairs.subList(at, Math.min(yes.length, at + JUDGED)).stream()
              .map(pair -> tokenizer.encode(pair.prompt()))
              .toList();
      int prefix = prefix(prompts);
      tokens += prefix + prompts.stream().mapToInt(ids -> ids.length - prefix).sum();
      boolean[] some = judge(prompts, prefix);
      System.arraycopy(some, 0, yes, at, some.length);
    }
    return new Judgement(yes, tokens);
  }

  private boolean[] judge(List<int[]> prompts, int prefix) {
    try (MlxScope run = model.openRun("judge")) {
      int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
      KvCache cache = forked(run, prompts.getFirst(), prefix, prompts.size(), longest);
      List<int[]> tails =
          prompts.stream().map(ids -> Arrays.copyOfRange(ids, prefix, ids.length)).toList();
      try (MlxScope step = run.child("pass")) {
        TokenBatch batch = TokenBatch.of(step, tails, model.config().vocabSize());
        Forward forward = model.forward(step, batch, cache, StepProbe.NONE.request());
        float[] logits =
            step.ops().take(forward.logits(), step.ints(yesNo, yesNo.length), -1).toFloats();
        boolean[] yes = new boolean[prompts.size()];
        for (int i = 0; i < yes.length; i++) {
          yes[i] = logits[2 * i] > logits[2 * i + 1];
        }
        return yes;
      }
    } finally {
      MlxMemory.clearCache();
    }
  }

  /** Leading ids that all prompts share, short of each one's last. */
  private int prefix(List<int[]> prompts) {
    int[] lead = prompts.getFirst();
    int prefix = lead.length - 1;
    for (int[] other : prompts) {
      boolean alike =
          model.turnsAlike(new SequenceLength(lead.length), new SequenceLength(other.length));
      int shared = alike ? GivenAnswer.shared(lead, other) : 0;
      prefix = Math.min(prefix, Math.min(shared, other.length - 1));
    }
    return prefix;
  }

  /** A cache of so many rows that have all read the same ids. */
  private KvCache forked(MlxScope run, int[] ids, int prefix, int rows, int length) {
    SequenceLength longest = new SequenceLength(length);
    if (prefix == 0) {
      return model.newCache(run, Collections.nCopies(rows, longest).toArray(SequenceLength[]::new));
    }
    KvCache shared = model.newCache(run, longest);
    new Prefill(model, run).all(shared, Arrays.copyOf(ids, prefix));
    KvCache forked = KvCache.stack(run, Collections.nCopies(rows, shared), new int[rows]);
    shared.close();
    return forked;
  }
}
