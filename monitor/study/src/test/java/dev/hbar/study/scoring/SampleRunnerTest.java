package dev.hbar.study.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRunnerTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("scores.jsonl");
  }

  @Test
  void wholeRun_writesEverySampleInOrder() {
    SampleRunner.Watch.Outcome outcome = run(10, TestRuns::score, TestRuns.untilTheEnd());
    List<SampleScore> scores = ScoreFile.read(file).scores();
    assertEquals(10, scores.size());
    assertEquals("qa_4_hal", scores.getLast().id());
    long failed = scores.stream().filter(SampleScore.Failed.class::isInstance).count();
    assertTrue(failed > 0);
    assertEquals(new SampleRunner.Watch.Outcome(10, 10, 0, (int) failed), outcome);
    assertTrue(outcome.complete());
  }

  @Test
  void stopRequest_endsAfterTheGroupAndResumesToTheSameBytes() throws IOException {
    run(10, TestRuns::score, TestRuns.untilTheEnd());
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);

    assertEquals(4, run(10, TestRuns::score, TestRuns.stopAfter(1)).done());
    assertEquals(
        new SampleRunner.Watch.Outcome(10, 8, 4, countFailed(8)),
        run(10, TestRuns::score, TestRuns.stopAfter(5)));
    assertTrue(run(10, TestRuns::score, TestRuns.untilTheEnd()).complete());
    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  @Test
  void fileCutInsideAGroup_isResumedToTheSameBytes() throws IOException {
    run(10, TestRuns::score, TestRuns.untilTheEnd());
    byte[] whole = Files.readAllBytes(file);
    List<String> lines = Files.readAllLines(file);
    for (int kept = 1; kept <= lines.size(); kept++) {
      Files.writeString(file, String.join("\n", lines.subList(0, kept)) + "\n{\"id\":\"to");
      run(10, TestRuns::score, TestRuns.untilTheEnd());
      assertArrayEquals(whole, Files.readAllBytes(file), "kept " + kept + " lines");
    }
  }

  @Test
  void completeFile_isNotScoredAgain() {
    run(10, TestRuns::score, TestRuns.untilTheEnd());
    List<Sample> asked = new ArrayList<>();
    SampleRunner.Watch.Outcome outcome =
        run(
            10,
            group -> {
              asked.addAll(group);
              return TestRuns.score(group);
            },
            TestRuns.untilTheEnd());
    assertEquals(List.of(), asked);
    assertEquals(10, outcome.resumed());
  }

  @Test
  void groupThatThrows_isTriedSampleBySample() {
    SampleRunner.Scorer scorer =
        group -> {
          if (group.stream().anyMatch(sample -> sample.id().equals("qa_1_cor"))) {
            throw new IllegalStateException("prompt longer than the context");
          }
          return TestRuns.score(group);
        };
    run(6, scorer, TestRuns.untilTheEnd());
    List<SampleScore> scores = ScoreFile.read(file).scores();
    assertEquals(
        new SampleScore.Failed("qa_1_cor", 0, "prompt longer than the context"), scores.get(2));
    assertEquals(
        TestRuns.score(List.of(TestRuns.sample(0))).getFirst(), scores.get(0), "scored alone");
    assertEquals(6, scores.size());
  }

  @Test
  void scorerThatAnswersForOthers_isAnError() {
    run(2, group -> TestRuns.score(group.reversed()), TestRuns.untilTheEnd());
    // Alone, a sample cannot be confused: both are scored one by one.
    assertEquals("qa_0_cor", ScoreFile.read(file).scores().getFirst().id());
    SampleRunner.Scorer mute = group -> List.of();
    Path other = folder.resolve("mute.jsonl");
    try (RunJournal journal = RunJournal.open(other, TestRuns.header())) {
      new SampleRunner(TestRuns.source(2), mute, 2).run(journal, TestRuns.untilTheEnd());
    }
    assertTrue(ScoreFile.read(other).scores().getFirst() instanceof SampleScore.Failed);
  }

  @Test
  void fileInAnotherOrder_isRefusedWithItsLine() throws IOException {
    run(6, TestRuns::score, TestRuns.untilTheEnd());
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add(3, lines.remove(4));
    Files.writeString(file, String.join("\n", lines) + "\n");
    refused(6, "line 4: holds qa_1_hal (label 1) where the run has qa_1_cor (label 0)");
  }

  @Test
  void fileWithMoreSamplesThanTheRun_isRefused() {
    run(6, TestRuns::score, TestRuns.untilTheEnd());
    refused(4, "line 6: more samples than the run has (4)");
  }

  private void refused(int size, String expected) {
    StudyException e =
        assertThrows(
            StudyException.class, () -> run(size, TestRuns::score, TestRuns.untilTheEnd()));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  private int countFailed(int first) {
    return (int)
        ScoreFile.read(file).scores().stream()
            .limit(first)
            .filter(SampleScore.Failed.class::isInstance)
            .count();
  }

  private SampleRunner.Watch.Outcome run(
      int size, SampleRunner.Scorer scorer, SampleRunner.Watch watch) {
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      return new SampleRunner(TestRuns.source(size), scorer, TestRuns.GROUP).run(journal, watch);
    }
  }
}
