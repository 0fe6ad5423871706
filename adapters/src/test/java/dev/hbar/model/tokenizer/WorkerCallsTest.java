package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokenizers over which the native library ends its process: handed over as they are, without the
 * look at their shapes that {@link Tokenizer#open} takes first.
 */
class WorkerCallsTest {

  private static final String MODEL =
      "'model':{'type':'BPE','vocab':{'h':0,'e':1,'he':2},'merges':['h e']%s}";

  private final WorkerCalls calls = new WorkerCalls();

  @TempDir private Path folder;

  private static String json(String component, String model) {
    return ("{" + component + MODEL.formatted(model) + "}").replace('\'', '"');
  }

  private void assertGoodOnesStillWork(long good, long bad) {
    assertArrayEquals(new int[] {2, 1}, calls.encode(good, "hee", true));
    assertEquals("he e", calls.decode(good, new int[] {2, 1}, true));
    assertArrayEquals(new int[] {}, calls.encode(bad, "", true));
  }

  private static void assertPanic(WorkerProcess.WorkerFault fault) {
    assertTrue(fault.getMessage().contains("panic at "), fault.getMessage());
    assertEquals(1, fault.getMessage().lines().count());
  }

  @Test
  void panicInEncode_isAnExceptionAndOthersGoOn() {
    long good = calls.open(json("", ""));
    long bad =
        calls.open(
            json(
                "'normalizer':{'type':'Replace','pattern':{'Regex':''},'content':'x'},"
                    + "'pre_tokenizer':{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true},",
                ""));
    for (int round = 0; round < 2; round++) {
      assertPanic(
          assertThrows(
              WorkerProcess.WorkerFault.class, () -> calls.encode(bad, "hehehe hehe", true)));
      assertArrayEquals(new int[] {2, 1}, calls.encode(good, "hee", true));
    }
  }

  @Test
  void badPieceInTheMiddleOfARun_endsOnlyItsOwnStep() {
    long good = calls.open(json("", ""));
    long bad = calls.open(json("'decoder':{'type':'Strip','content':'e','start':0,'stop':2},", ""));
    int[][] steps = {{2, 2}, {2, 2, 1}, {2, 2}};
    String[] texts = new String[steps.length];
    for (int step = 0; step < steps.length; step++) {
      int[] ids = steps[step];
      if (step == 1) {
        // A piece of one letter, and two are stripped.
        assertPanic(
            assertThrows(WorkerProcess.WorkerFault.class, () -> calls.decode(bad, ids, true)));
      } else {
        texts[step] = calls.decode(bad, ids, true);
      }
    }
    assertEquals(texts[0], texts[2]);
    assertGoodOnesStillWork(good, bad);
  }

  @Test
  void panicInOpen_isAnException() {
    long good = calls.open(json("", ""));
    assertPanic(
        assertThrows(
            WorkerProcess.WorkerFault.class,
            () -> calls.open(json("", ",'continuing_subword_prefix':'####'"))));
    assertArrayEquals(new int[] {2, 1}, calls.encode(good, "hee", true));
    calls.close(good);
  }

  @Test
  void faultTheLibraryReports_keepsTheProcess() {
    long good = calls.open(json("", ""));
    String message =
        assertThrows(WorkerProcess.WorkerFault.class, () -> calls.open("{\"model\":7}"))
            .getMessage();
    assertTrue(!message.contains("gave up") && !message.contains("ended"), message);
    assertArrayEquals(new int[] {2}, calls.encode(good, "he", true));
  }

  /** A shape that nobody refuses: the pattern's cost grows with the square of the text. */
  @ParameterizedTest
  @CsvSource({"100, false", "9000, true", "100, false"})
  void panicNobodyForesaw_isOneLineWithFile(int length, boolean refused) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        json(
            "'pre_tokenizer':{'type':'Split','pattern':{'Regex':'h+h+$'},'behavior':'Isolated','invert':false},",
            ""));
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertArrayEquals(new int[] {2, 1}, tokenizer.encode("hee"));
      String text = "h".repeat(length) + "e";
      if (refused) {
        String message =
            assertThrows(CheckpointException.class, () -> tokenizer.encode(text)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("panic at "), message);
        assertEquals(1, message.lines().count());
      } else {
        assertEquals(length, tokenizer.encode(text).length);
      }
      assertArrayEquals(new int[] {2, 1}, tokenizer.encode("hee"));
    }
  }
}
