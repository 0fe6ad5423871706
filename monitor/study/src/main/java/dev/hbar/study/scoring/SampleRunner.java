package dev.hbar.study.scoring;

import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Drives samples through a scorer into a journal.
 *
 * <p>Groups are fixed by the position in the source: samples 0..n-1, n..2n-1 and so on. A run that
 * was killed inside a group computes the whole group again and adds what is missing, so the bytes
 * are those of an unbroken run.
 */
public final class SampleRunner {
  private final SampleSource source;
  private final Scorer scorer;
  private final int groupSize;
  private final Crew crew;

  /**
   * A runner that nobody helps.
   *
   * @param groupSize samples per group, at least 1
   */
  public SampleRunner(SampleSource source, Scorer scorer, int groupSize) {
    this(source, scorer, groupSize, Crew.NONE);
  }

  /**
   * A runner.
   *
   * @param groupSize samples per group, at least 1
   * @param crew who else takes groups
   */
  public SampleRunner(SampleSource source, Scorer scorer, int groupSize, Crew crew) {
    if (groupSize < 1) {
      throw new IllegalArgumentException("group size must be at least 1, not " + groupSize);
    }
    this.source = source;
    this.scorer = scorer;
    this.groupSize = groupSize;
    this.crew = crew;
  }

  /**
   * Scores what the journal does not hold yet, until the end or until the watch asks to stop.
   *
   * @throws StudyException if the journal holds other samples than the source, or cannot be written
   */
  public Watch.Outcome run(RunJournal journal, Watch watch) {
    List<SampleScore> recorded = journal.recorded();
    int total = source.size();
    int done = recorded.size();
    int failed = countFailed(recorded);
    if (done > total) {
      throw new StudyException(
          journal.file(),
          total + 2L,
          "more samples than the run has (" + total + "); choose another --out");
    }
    watch.advanced(done, total, failed);
    try (Stream<Sample> samples = source.open();
        GroupQueue<List<SampleScore>> queue =
            new GroupQueue<>(groups(samples.iterator(), journal), crew)) {
      crew.help(new SharedScores(journal.header(), queue));
      Optional<List<SampleScore>> fresh = next(queue, watch);
      while (fresh.isPresent()) {
        journal.append(fresh.get());
        done += fresh.get().size();
        failed += countFailed(fresh.get());
        watch.advanced(done, total, failed);
        fresh = next(queue, watch);
      }
    }
    return new Watch.Outcome(total, done, recorded.size(), failed);
  }

  private Optional<List<SampleScore>> next(GroupQueue<List<SampleScore>> queue, Watch watch) {
    return queue
        .next(group -> score(scorer, group.samples()), watch::stopRequested)
        .map(done -> done.result().subList(done.group().known(), done.result().size()));
  }

  /** The run as others hear of it: the header's line, then a line for each sample. */
  private record SharedScores(ScoreFile.Header of, GroupQueue<List<SampleScore>> queue)
      implements Crew.Shared<List<SampleScore>> {
    private static final Path OTHER = Path.of("another rank");

    @Override
    public String header() {
      return ScoreLines.write(of);
    }

    @Override
    public Optional<String> firstDifference(String header) {
      return of.firstDifference(new ScoreLines(OTHER).header(header));
    }

    @Override
    public List<SampleScore> received(GroupQueue.Group group, Crew.Lines lines) throws IOException {
      ScoreLines reader = new ScoreLines(OTHER);
      List<SampleScore> scores = new ArrayList<>();
      for (Sample sample : group.samples()) {
        SampleScore score = reader.score(scores.size() + 1L, lines.next());
        if (!score.id().equals(sample.id())) {
          throw new IOException("answered for another sample: " + score.id());
        }
        scores.add(score);
      }
      return scores;
    }
  }

  /** The groups that the journal does not hold whole. */
  private Iterator<GroupQueue.Group> groups(Iterator<Sample> rest, RunJournal journal) {
    int done = journal.recorded().size();
    return IntStream.iterate(0, start -> start < source.size(), start -> start + groupSize)
        .mapToObj(
            start -> {
              List<Sample> group = take(rest, Math.min(groupSize, source.size() - start));
              int known = Math.clamp(done - start, 0, group.size());
              requireSame(journal, group.subList(0, known), start);
              return new GroupQueue.Group(start, group, known);
            })
        .filter(group -> group.known() < group.samples().size())
        .iterator();
  }

  /**
   * One score per sample, in the group's order; if the group as a whole throws, its samples are
   * scored one by one.
   */
  public static List<SampleScore> score(Scorer scorer, List<Sample> group) {
    try {
      return checked(group, scorer.score(group));
    } catch (RuntimeException groupFailed) {
      // One bad sample must not take its neighbours with it.
      return group.size() == 1
          ? List.of(SampleScore.failed(group.getFirst(), groupFailed))
          : group.stream().map(sample -> score(scorer, List.of(sample)).getFirst()).toList();
    }
  }

  private static List<SampleScore> checked(List<Sample> group, List<SampleScore> scores) {
    boolean same = scores.size() == group.size();
    for (int i = 0; same && i < group.size(); i++) {
      same = scores.get(i).id().equals(group.get(i).id());
    }
    if (!same) {
      throw new IllegalStateException("the scorer answered for other samples than it was given");
    }
    return scores;
  }

  private static List<Sample> take(Iterator<Sample> samples, int count) {
    List<Sample> group = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      group.add(samples.next());
    }
    return group;
  }

  private static void requireSame(RunJournal journal, List<Sample> expected, int start) {
    for (int i = 0; i < expected.size(); i++) {
      SampleScore found = journal.recorded().get(start + i);
      Sample sample = expected.get(i);
      if (!found.id().equals(sample.id()) || found.label() != sample.label()) {
        throw new StudyException(
            journal.file(),
            start + i + 2L,
            "holds %s (label %s) where the run has %s (label %s); choose another --out"
                .formatted(found.id(), found.label(), sample.id(), sample.label()));
      }
    }
  }

  private static int countFailed(List<SampleScore> scores) {
    return (int) scores.stream().filter(SampleScore.Failed.class::isInstance).count();
  }

  /** Scores samples with a model. Used by one thread, the one that opened it. */
  public interface Scorer {
    /**
     * Scores a group of samples, which may be computed together.
     *
     * <p>The result depends on the group only, so that a resumed run repeats it exactly. A sample
     * that cannot be scored gives a {@link SampleScore.Failed}; if the group as a whole throws, the
     * runner tries its samples one by one.
     *
     * @param group at least one sample
     * @return one score per sample, in the group's order
     */
    List<SampleScore> score(List<Sample> group);
  }

  /** Who looks on while a run goes: shows progress, and may ask it to stop between two groups. */
  public interface Watch {
    /** Whether to stop before the next group. */
    boolean stopRequested();

    /**
     * Called at the start and after each group.
     *
     * @param done samples in the file now
     * @param total samples of the run
     * @param failed how many of those done are errors
     */
    void advanced(int done, int total, int failed);

    /**
     * How a run ended.
     *
     * @param total samples of the run
     * @param done samples in the file, those of earlier runs included
     * @param resumed how many of those done were there already
     * @param failed how many of those done are errors
     */
    record Outcome(int total, int done, int resumed, int failed) {
      /** Whether every sample is in the file. */
      public boolean complete() {
        return done == total;
      }
    }
  }
}
