package dev.hbar.study.states;

import dev.hbar.study.dataset.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of one shard while it is computed. */
final class ShardBuilder {
  private final List<StatesRow> rows = new ArrayList<>();
  private final Map<Position, List<float[][]>> states = new EnumMap<>(Position.class);
  private final Set<String> datasets;
  private int good;
  private long tokens;

  /**
   * @param datasets names of the data's parts; of several, a sample's id begins with its own
   */
  ShardBuilder(Set<String> datasets) {
    this.datasets = Set.copyOf(datasets);
  }

  void add(Sample sample, GivenPass.Outcome outcome) {
    GivenScore score = outcome.score();
    AnswerText text =
        AnswerText.of(sample.prompt().substring(0, sample.answerAt()), sample.answer());
    rows.add(
        new StatesRow(
            good++,
            tokens,
            sample.id(),
            sample.label(),
            task(sample),
            sample.record(),
            score.promptTokens(),
            score.tokens().size(),
            text,
            score.aggregates(),
            ""));
    tokens += score.tokens().size();
    outcome
        .states()
        .values()
        .forEach(
            (position, value) ->
                states.computeIfAbsent(position, p -> new ArrayList<>()).add(value));
  }

  void addFailed(Sample sample, String error) {
    AnswerText text = AnswerText.of("", sample.answer());
    rows.add(
        new StatesRow(
            -1,
            tokens,
            sample.id(),
            sample.label(),
            task(sample),
            sample.record(),
            0,
            0,
            text,
            Map.of(),
            error));
  }

  private String task(Sample sample) {
    if (datasets.size() == 1) {
      return datasets.iterator().next();
    }
    int end = sample.id().indexOf('_');
    return end < 0 ? sample.id() : sample.id().substring(0, end);
  }

  List<StatesRow> rows() {
    return rows;
  }

  int failed() {
    return rows.size() - good;
  }

  /** Number of rows of a position's tensors. */
  int height(Position position) {
    return position == Position.ANSWER ? Math.toIntExact(tokens) : good;
  }

  /** The states of all samples at one point: one array per sample, rows joined. */
  List<float[]> column(Position position, int point) {
    return states.getOrDefault(position, List.of()).stream().map(value -> value[point]).toList();
  }
}
