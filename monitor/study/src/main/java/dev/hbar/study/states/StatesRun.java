package dev.hbar.study.states;

import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.GroupQueue;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the states of a source's samples, shard by shard; a run that was killed goes on with the
 * shards that are not whole. One shard is in memory.
 */
public final class StatesRun {
  /** Samples of a shard; even, so that no record is cut. */
  static final int SHARD = 64;

  private final GivenModel model;
  private final StatesRequest request;

  /** A run of a model. */
  public StatesRun(GivenModel model, StatesRequest request) {
    this.model = model;
    this.request = request;
  }

  /**
   * Writes what the folder does not hold yet and, at the end, joins the shards.
   *
   * @param crew who else takes shards
   * @throws StudyException if the folder is of another run
   */
  public SampleRunner.Watch.Outcome run(
      SampleSource source, StatesWriter writer, SampleRunner.Watch watch, Crew crew) {
    int total = source.size();
    int known =
        starts(total)
            .filter(start -> writer.has(start / SHARD))
            .map(start -> Math.min(SHARD, total - start))
            .sum();
    int done = known;
    int failed = writer.failed();
    watch.advanced(done, total, failed);
    try (Stream<Sample> samples = source.open();
        GroupQueue<Integer> queue =
            new GroupQueue<>(shards(samples.iterator(), total, writer), crew)) {
      crew.help(new SharedStates(writer, queue));
      Optional<GroupQueue.Finished<Integer>> next = next(source, writer, queue, watch);
      while (next.isPresent()) {
        done += next.get().group().samples().size();
        failed += next.get().result();
        watch.advanced(done, total, failed);
        next = next(source, writer, queue, watch);
      }
    }
    if (done == total) {
      writer.join();
    }
    return new SampleRunner.Watch.Outcome(total, done, known, failed);
  }

  private Optional<GroupQueue.Finished<Integer>> next(
      SampleSource source,
      StatesWriter writer,
      GroupQueue<Integer> queue,
      SampleRunner.Watch watch) {
    return queue.next(group -> write(source, group, writer), watch::stopRequested);
  }

  private static IntStream starts(int total) {
    return IntStream.iterate(0, start -> start < total, start -> start + SHARD);
  }

  /** The shards that the folder lacks. */
  private static Iterator<GroupQueue.Group> shards(
      Iterator<Sample> rest, int total, StatesWriter writer) {
    return starts(total)
        .mapToObj(
            start ->
                new GroupQueue.Group(
                    start,
                    Stream.generate(rest::next).limit(Math.min(SHARD, total - start)).toList(),
                    0))
        .filter(group -> !writer.has(group.start() / SHARD))
        .iterator();
  }

  /** What this process does for a rank 0 that runs the same. */
  public OtherRank.Work work(StatesFolder.Header header, SampleSource source) {
    return new OtherRank.Work(
        SharedStates.line(header),
        source,
        (shard, sender) ->
            SentStates.send(shard, header, writer -> write(source, shard, writer), sender));
  }

  /** Writes a shard; how many of its samples have failed. */
  private int write(SampleSource source, GroupQueue.Group samples, StatesWriter writer) {
    Shard shard = new Shard(source.origin().dataSha256().keySet());
    Map<String, List<Sample>> records = new LinkedHashMap<>();
    samples
        .samples()
        .forEach(
            sample -> records.computeIfAbsent(sample.record(), r -> new ArrayList<>()).add(sample));
    for (List<Sample> record : records.values()) {
      add(shard, record);
    }
    writer.write(samples.start() / SHARD, shard);
    return shard.failed();
  }

  private void add(Shard shard, List<Sample> record) {
    List<GivenAnswer> answers = new ArrayList<>();
    Map<Sample, String> errors = new LinkedHashMap<>();
    for (Sample sample : record) {
      try {
        answers.add(model.answer(sample));
      } catch (IllegalArgumentException misfit) {
        errors.put(sample, String.valueOf(misfit.getMessage()));
      }
    }
    Map<Sample, GivenPass.Outcome> outcomes = new LinkedHashMap<>();
    Map<Sample, GivenAnswer> given = new LinkedHashMap<>();
    if (!answers.isEmpty()) {
      List<GivenPass.Outcome> found = model.run(answers, request);
      for (int i = 0; i < answers.size(); i++) {
        Sample sample = answers.get(i).sample();
        try {
          found.get(i).score().ifPresent(score -> score.requireFinite(model.directory()));
          outcomes.put(sample, found.get(i));
          given.put(sample, answers.get(i));
        } catch (NonFiniteException e) {
          errors.put(sample, e.getMessage());
        }
      }
    }
    for (Sample sample : record) {
      if (errors.containsKey(sample)) {
        shard.addFailed(sample, errors.get(sample));
      } else {
        shard.add(sample, outcomes.get(sample), given.get(sample));
      }
    }
  }

  /** The rows of one shard while it is computed. */
  static final class Shard {
    private final List<StatesRow> rows = new ArrayList<>();
    private final Map<StatePosition, List<float[][]>> states = new EnumMap<>(StatePosition.class);
    private final Map<AttentionFeature, List<float[]>> features =
        new EnumMap<>(AttentionFeature.class);
    private final Set<String> datasets;
    private int good;
    private long tokens;

    /**
     * @param datasets names of the data's parts; of several, a sample's id begins with its own
     */
    Shard(Set<String> datasets) {
      this.datasets = Set.copyOf(datasets);
    }

    void add(Sample sample, GivenPass.Outcome outcome, GivenAnswer answer) {
      StatesRow.AnswerText text =
          StatesRow.AnswerText.of(sample.prompt().substring(0, sample.answerAt()), sample.answer());
      rows.add(
          new StatesRow(
              good++,
              tokens,
              sample.id(),
              sample.label(),
              sample.between(),
              task(sample),
              sample.record(),
              answer.first(),
              answer.tokens(),
              text,
              outcome.score().map(GivenModel.Score::aggregates).orElse(Map.of()),
              answer.tokenLabels(),
              ""));
      tokens += answer.tokens();
      outcome
          .states()
          .forEach(
              (position, value) ->
                  states.computeIfAbsent(position, p -> new ArrayList<>()).add(value));
      outcome
          .features()
          .forEach(
              (feature, value) ->
                  features.computeIfAbsent(feature, f -> new ArrayList<>()).add(value));
    }

    void addFailed(Sample sample, String error) {
      StatesRow.AnswerText text = StatesRow.AnswerText.of("", sample.answer());
      rows.add(
          new StatesRow(
              -1,
              tokens,
              sample.id(),
              sample.label(),
              sample.between(),
              task(sample),
              sample.record(),
              0,
              0,
              text,
              Map.of(),
              "",
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
    int height(StatePosition position) {
      return position == StatePosition.ANSWER ? Math.toIntExact(tokens) : good;
    }

    /** The states of all samples at one point: one array per sample, rows joined. */
    List<float[]> column(StatePosition position, int point) {
      return states.getOrDefault(position, List.of()).stream().map(value -> value[point]).toList();
    }

    /** A feature of all samples, one array per sample. */
    List<float[]> column(AttentionFeature feature) {
      return features.getOrDefault(feature, List.of());
    }
  }
}
