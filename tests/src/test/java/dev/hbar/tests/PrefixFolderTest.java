package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts have computed, in files: the next process goes on from them, and says the same. */
@ExtendWith(LeavesNoArrays.class)
class PrefixFolderTest {
  private static final GenerationSettings SIX = GenerationSettings.builder().maxTokens(6).build();

  @TempDir Path scratch;
  private final List<String> notes = new ArrayList<>();

  /** One process: opens the model, answers, closes it. */
  private Answered process(String fixture, long most, int[]... prompts) throws Exception {
    Path checkpoint = scratch.resolve(fixture);
    if (!Files.exists(checkpoint)) {
      Fixture.named(fixture).withTokenizer(Files.createDirectory(checkpoint));
    }
    Optional<PrefixFolder.Place> place =
        Optional.of(new PrefixFolder.Place(kept(), most, notes::add));
    try (GenerationModel model = GenerationModel.open(checkpoint.toString());
        GenerationBatch batch = new GenerationBatch(model, 2, place)) {
      Answered last = new Answered(new int[0], 0);
      for (int[] prompt : prompts) {
        Generation text = batch.start(prompt, SIX);
        int[] ids = ids(text.run(TokenListener.NONE));
        assertArrayEquals(ids(model.generate(prompt, SIX, TokenListener.NONE)), ids, fixture);
        last = new Answered(ids, text.reusedTokens());
      }
      return last;
    }
  }

  private record Answered(int[] ids, int reused) {}

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private Path kept() {
    return scratch.resolve("kept");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(kept())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static int[] joined(int[] one, int... other) {
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain_float32",
        "plain_bfloat16",
        "mistral_window_crossing",
        "qwen3_next_moe",
        "lfm2_bias",
        "granitemoehybrid_moe",
        "deepseek_raw",
        "phi3_longrope_crossing"
      })
  void nextTurnInAnotherProcess_goesOnFromTheFile(String name) throws Exception {
    int[] prompt = Fixture.named(name).prompt();
    int[] answer = process(name, 1 << 30, prompt).ids();
    int[] next = joined(joined(prompt, answer), 3, 5);
    Answered again = process(name, 1 << 30, next);
    // Such a rope turns by the length of the whole prompt, so a longer one cannot go on.
    boolean turnsAnew = name.startsWith("phi3_longrope");
    assertEquals(!turnsAnew, again.reused() >= prompt.length, name + ": " + again.reused());
    assertEquals(List.of(), notes);
    for (Path file : files()) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      Path folder = file.getParent();
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }
  }

  @Test
  void longerText_takesThePlaceOfItsBeginning() throws Exception {
    int[] prompt = Fixture.named("plain_float32").prompt();
    int[] answer = process("plain_float32", 1 << 30, prompt).ids();
    Path before = files().getFirst();
    process("plain_float32", 1 << 30, joined(joined(prompt, answer), 3, 5));
    assertEquals(1, files().size());
    assertTrue(!Files.exists(before));
  }

  @Test
  void damagedCutAndStrangeFiles_arePassedOverWithANote() throws Exception {
    int[] prompt = Fixture.named("plain_float32").prompt();
    process("plain_float32", 1 << 30, prompt);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length - 1] ^= 1;
    for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, whole.length / 2), new byte[0])) {
      Files.write(file, damaged, StandardOpenOption.TRUNCATE_EXISTING);
      notes.clear();
      assertEquals(0, process("plain_float32", 1 << 30, prompt).reused());
      String expected = "the kept prefix " + file + " is damaged and ignored";
      assertEquals(List.of(expected), notes);
    }
    assertEquals(prompt.length - 1, process("plain_float32", 1 << 30, prompt).reused());
  }

  @Test
  void unfinishedFileOfAKilledProcess_isPassedOverAndGoesAfterAnHour() throws Exception {
    int[] prompt = Fixture.named("plain_float32").prompt();
    process("plain_float32", 1 << 30, prompt);
    Path whole = files().getFirst();
    Path young = Files.copy(whole, whole.resolveSibling("unfinished-1.safetensors"));
    Path old = Files.copy(whole, whole.resolveSibling("unfinished-2.safetensors"));
    Files.setLastModifiedTime(young, FileTime.from(Instant.now().minusSeconds(3500)));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3700)));
    assertEquals(prompt.length - 1, process("plain_float32", 1 << 30, prompt).reused());
    assertEquals(List.of(whole, young), files());
    assertEquals(List.of(), notes);
  }

  @Test
  void filesOfAnotherCheckpoint_areNotSeen() throws Exception {
    int[] prompt = Fixture.named("plain_float32").prompt();
    process("plain_float32", 1 << 30, prompt);
    assertEquals(0, process("bits_mixed", 1 << 30, prompt).reused());
    assertEquals(2, files().stream().map(Path::getParent).distinct().count());
  }

  @Test
  void fullFolder_dropsWhatWasUsedLongestAgo() throws Exception {
    int[] first = Fixture.named("plain_float32").prompt();
    int[] second = joined(new int[] {7}, first);
    process("plain_float32", 1 << 30, first);
    Path oldest = files().getFirst();
    Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minusSeconds(60)));
    long two = 2 * Files.size(oldest);
    process("plain_float32", two - 1, second);
    assertEquals(1, files().size());
    assertTrue(!Files.exists(oldest));
    process("plain_float32", 1, first);
    assertEquals(List.of(), files(), "nothing fits into a byte");
  }

  @Test
  void folderThatOthersWriteTo_isNotUsedAndSaidSo() throws Exception {
    int[] prompt = Fixture.named("plain_float32").prompt();
    process("plain_float32", 1 << 30, prompt);
    Path folder = files().getFirst().getParent();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(0, process("plain_float32", 1 << 30, prompt).reused());
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().contains("chmod 700 " + folder), notes.getFirst());
    Path file = Files.createFile(scratch.resolve("file"));
    Files.delete(files().getFirst());
    notes.clear();
    PrefixFolder.open(new PrefixFolder.Place(file, 1, notes::add), "0".repeat(64));
    assertEquals(1, notes.size());
  }
}
