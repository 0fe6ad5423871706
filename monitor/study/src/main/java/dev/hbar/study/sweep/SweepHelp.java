package dev.hbar.study.sweep;

import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreLines;
import dev.hbar.study.scoring.ScoringBackend;
import java.nio.file.Path;
import java.util.Optional;

/** What another rank has for the sweep of rank 0: one checkpoint is open at a time. */
public final class SweepHelp implements OtherRank.Opener, AutoCloseable {
  private final ScoringBackend backend;
  private final SweepPlan plan;
  private Optional<ScoringBackend.Session> session = Optional.empty();
  private String opened = "";

  /** Of the same plan as rank 0's. */
  public SweepHelp(ScoringBackend backend, SweepPlan plan) {
    this.backend = backend;
    this.plan = plan;
  }

  @Override
  public OtherRank.Work open(String header) {
    ScoreFile.Header wanted = new ScoreLines(Path.of("rank 0")).header(header);
    String checkpoint =
        plan.checkpoints().stream()
            .filter(each -> Sweep.name(backend, each).equals(wanted.checkpoint()))
            .findFirst()
            .orElseThrow(
                () ->
                    new StudyException(
                        wanted.checkpoint() + " is none of its checkpoints; name one of them"));
    if (!checkpoint.equals(opened)) {
      close();
      session = Optional.of(backend.open(checkpoint, plan.request()));
      opened = checkpoint;
    }
    boolean last = plan.test().origin().selection().equals(wanted.selection());
    SampleSource source = last ? plan.test() : plan.train();
    return OtherRank.Work.scoring(
        plan.request().header(session.orElseThrow(), source.origin()),
        source,
        session.orElseThrow());
  }

  @Override
  public void close() {
    session.ifPresent(ScoringBackend.Session::close);
    session = Optional.empty();
    opened = "";
  }
}
