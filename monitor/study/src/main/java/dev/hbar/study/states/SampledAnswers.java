package dev.hbar.study.states;

import dev.hbar.monitor.signal.SamplingSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Asks a model again for the answer of every record, and compares what it says with what stands in
 * the data. Adds up what that costs.
 */
final class SampledAnswers {
  private final GivenModel model;
  private final SamplingRequest request;
  private ScoringBackend.StageCost drawing;
  private ScoringBackend.StageCost judging;
  private int asked;
  private int agreed;

  SampledAnswers(GivenModel model, SamplingRequest request) {
    this.model = model;
    this.request = request;
    this.drawing =
        new ScoringBackend.StageCost(request.samples() + " samples of each question", 0, 0, 0);
    this.judging = new ScoringBackend.StageCost("judging", 0, 0, 0);
  }

  /** What drawing and judging have cost so far, and how often the judge said yes. */
  List<ScoringBackend.StageCost> costs() {
    String stage = "judging what they mean, yes to %s of %s pairs".formatted(agreed, asked);
    return List.of(
        drawing,
        new ScoringBackend.StageCost(
            stage, judging.answers(), judging.tokens(), judging.seconds()));
  }

  /**
   * The signals of answers to one question, in order.
   *
   * @param record the answers, at least one
   * @throws IllegalArgumentException if the samples do not fit into the context
   */
  List<Map<Signal, Double>> of(List<GivenAnswer> record) {
    List<SamplingPass.Drawn> drawn = draw(record);
    List<String> texts = drawn.stream().map(SamplingPass.Drawn::text).toList();
    long start = System.nanoTime();
    long[] read = {0};
    SemanticClusters.Judge judge =
        pairs -> {
          SamplingPass.Judgement judgement = model.judge(pairs);
          read[0] += judgement.tokens();
          asked += pairs.size();
          agreed += judgement.count();
          return judgement.yes();
        };
    SemanticClusters clusters = SemanticClusters.of(texts, judge);
    double[] logprobs = drawn.stream().mapToDouble(SamplingPass.Drawn::logprob).toArray();
    double spread = SemanticClusters.meanRougeL(texts);
    List<Map<Signal, Double>> signals = new ArrayList<>();
    for (GivenAnswer answer : record) {
      String text = answer.sample().answer();
      signals.add(
          SamplingSignals.of(
              clusters.meaningOf(),
              logprobs,
              clusters.meaning(text, judge),
              texts.stream().mapToDouble(one -> SemanticClusters.rougeL(text, one)).toArray(),
              spread));
    }
    judging = judging.and(record.size(), read[0], System.nanoTime() - start);
    return signals;
  }

  private List<SamplingPass.Drawn> draw(List<GivenAnswer> record) {
    long start = System.nanoTime();
    GivenAnswer first = record.getFirst();
    List<SamplingPass.Drawn> drawn =
        model.draw(first.beforeAnswer(), request, request.seedOf(first.sample().record()));
    long tokens = first.first() + drawn.stream().mapToLong(SamplingPass.Drawn::tokens).sum();
    drawing = drawing.and(record.size(), tokens, System.nanoTime() - start);
    return drawn;
  }

  /**
   * The meanings among texts (Farquhar and others, 2024, algorithm of the supplement): a text means
   * what an earlier one means if each entails the other, in the order of the texts, the first text
   * of a meaning standing for it.
   *
   * @param meaningOf for every text the number of its meaning, from 0
   * @param representatives for every meaning its first text
   */
  record SemanticClusters(int[] meaningOf, List<String> representatives) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** Answers, for pairs of texts, whether the one entails the other. */
    interface Judge extends Function<List<SamplingPass.Pair>, boolean[]> {}

    SemanticClusters {
      representatives = List.copyOf(representatives);
    }

    /** The meanings of texts. Texts of the same words have the same meaning unasked. */
    static SemanticClusters of(List<String> texts, Judge judge) {
      int[] meaningOf = new int[texts.size()];
      Arrays.fill(meaningOf, -1);
      List<String> representatives = new ArrayList<>();
      for (int i = 0; i < meaningOf.length; i++) {
        if (meaningOf[i] >= 0) {
          continue;
        }
        meaningOf[i] = representatives.size();
        List<Integer> open = new ArrayList<>();
        for (int k = i + 1; k < meaningOf.length; k++) {
          if (meaningOf[k] < 0) {
            open.add(k);
          }
        }
        String first = texts.get(i);
        boolean[] same = same(first, open.stream().map(texts::get).toList(), judge);
        for (int k = 0; k < same.length; k++) {
          if (same[k]) {
            meaningOf[open.get(k)] = meaningOf[i];
          }
        }
        representatives.add(first);
      }
      return new SemanticClusters(meaningOf, representatives);
    }

    /** Number of texts that mean what this one means: of the first meaning that is the same. */
    int meaning(String text, Judge judge) {
      boolean[] same = same(text, representatives, judge);
      for (int meaning = 0; meaning < same.length; meaning++) {
        if (same[meaning]) {
          int wanted = meaning;
          return (int) Arrays.stream(meaningOf).filter(one -> one == wanted).count();
        }
      }
      return 0;
    }

    private static boolean[] same(String text, List<String> others, Judge judge) {
      List<SamplingPass.Pair> asked = new ArrayList<>();
      List<String> words = words(text);
      boolean[] same = new boolean[others.size()];
      List<Integer> open = new ArrayList<>();
      for (int i = 0; i < same.length; i++) {
        same[i] = words.equals(words(others.get(i)));
        if (!same[i]) {
          open.add(i);
          asked.add(new SamplingPass.Pair(text, others.get(i)));
          asked.add(new SamplingPass.Pair(others.get(i), text));
        }
      }
      boolean[] yes = asked.isEmpty() ? new boolean[0] : judge.apply(asked);
      for (int i = 0; i < open.size(); i++) {
        same[open.get(i)] = yes[2 * i] && yes[2 * i + 1];
      }
      return same;
    }

    /** Lower-case words without punctuation. */
    static List<String> words(String text) {
      return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
          .filter(word -> !word.isEmpty())
          .toList();
    }

    /**
     * ROUGE-L (Lin, 2004), F1: 2 L / (m + n) for the length L of the longest common subsequence of
     * words; 1 for two texts without words, 0 if only one has none.
     */
    static double rougeL(String one, String other) {
      List<String> a = words(one);
      List<String> b = words(other);
      if (a.isEmpty() || b.isEmpty()) {
        return a.isEmpty() && b.isEmpty() ? 1 : 0;
      }
      int[] before = new int[b.size() + 1];
      for (String word : a) {
        int[] row = new int[before.length];
        for (int k = 1; k < row.length; k++) {
          row[k] = word.equals(b.get(k - 1)) ? before[k - 1] + 1 : Math.max(before[k], row[k - 1]);
        }
        before = row;
      }
      return 2.0 * before[b.size()] / (a.size() + b.size());
    }

    /** Mean of ROUGE-L over all pairs of texts, at least two. */
    static double meanRougeL(List<String> texts) {
      double sum = 0;
      int pairs = 0;
      for (int i = 0; i < texts.size(); i++) {
        for (int k = 0; k < i; k++, pairs++) {
          sum += rougeL(texts.get(i), texts.get(k));
        }
      }
      return sum / pairs;
    }
  }
}
