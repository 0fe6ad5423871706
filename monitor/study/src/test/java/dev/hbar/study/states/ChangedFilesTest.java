package dev.hbar.study.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.io.Json;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A digit or a byte changed in a file that hbar wrote; files without checksums are still read. */
class ChangedFilesTest {
  private static final Path PUBLISHED = Path.of("../../calibrated_params");
  private static final String UNFIT = "does not fit: the file is not as it was written; restore it";

  @TempDir private Path folder;

  /** Reads what was changed. */
  private interface Reader {
    void read() throws IOException;
  }

  /** Changes a digit of some after another, and wants each file refused in a line that names it. */
  private void assertEachDigitCounts(Path file, int step, String fault, Reader reader)
      throws IOException {
    String sound = Files.readString(file);
    reader.read();
    int digits = 0;
    int tried = 0;
    for (int i = 0; i < sound.length(); i++) {
      char digit = sound.charAt(i);
      if (!Character.isDigit(digit) || digits++ % step != 0) {
        continue;
      }
      char other = digit == '9' ? '1' : (char) (digit + 1);
      String changed = sound.substring(0, i) + other + sound.substring(i + 1);
      // The seventeenth digit of a number may change nothing.
      if (!sameValues(sound, changed)) {
        tried++;
        Files.writeString(file, changed);
        String message = assertThrows(HbarException.class, reader::read).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(fault), message);
        assertEquals(1, message.lines().count(), message);
      }
    }
    assertTrue(tried >= 20, tried + " digits");
    Files.writeString(file, sound);
  }

  private static boolean sameValues(String one, String other) throws IOException {
    return Json.MAPPER.readTree(one).equals(Json.MAPPER.readTree(other))
        && one.lines().count() == other.lines().count()
        && one.indexOf('\n') == 1;
  }

  private Path parameters() throws IOException {
    Path file = folder.resolve("params.json");
    Parameters.read(PUBLISHED.resolve("SmolLM2-135M-Instruct-4bit.json")).write(file);
    return file;
  }

  @Test
  void checksumOfADocument_isThatOfItsValues() throws IOException {
    Path file = folder.resolve("result.json");
    Map<String, Object> inner = new TreeMap<>(Map.of("c", -0.5, "d", true));
    ResultFile.write(file, new TreeMap<>(Map.of("a", List.of(1, 2.5, "x"), "b", inner)));
    // Reckoned bit by bit in Python over {"a":[1,2.5,"x"],"b":{"c":-0.5,"d":true}}.
    assertEquals("3ab09ee1", Json.MAPPER.readTree(file.toFile()).get("sum").textValue());
    assertTrue(Files.readString(file).endsWith(",\n  \"sum\" : \"3ab09ee1\"\n}\n"));
  }

  @Test
  void changedDigitOfParameters_isRefused() throws IOException {
    Path file = parameters();
    assertEachDigitCounts(file, 997, UNFIT, () -> Parameters.read(file));
    assertEachDigitCounts(file, 997, UNFIT, () -> ScoreInput.read(file));
  }

  @Test
  void parametersOfOthersOrLaidOutAnew_areRead() throws IOException {
    Path file = parameters();
    String written = Files.readString(file);
    Files.writeString(file, Json.MAPPER.writeValueAsString(Json.MAPPER.readTree(written)));
    assertEquals(1, Files.readAllLines(file).size());
    Parameters sound = Parameters.read(file);
    String edited =
        written
            .replaceFirst(",\\s*\"sum\" : \"[0-9a-f]{8}\"", "")
            .replaceFirst("\"tau_hbar\" : [0-9.]+", "\"tau_hbar\" : 1.25");
    Files.writeString(file, edited);
    assertEquals(1.25, Parameters.read(file).tauHbar());
    assertTrue(sound.tauHbar() > 1.3);
    Files.writeString(file, edited.replaceFirst("\\{", "{\"sum\": 17,"));
    assertEquals(1.25, Parameters.read(file).tauHbar(), "a field of somebody else");
  }

  @Test
  void changedDetector_isRefused() throws IOException {
    Path source = PUBLISHED.resolve("detectors/SmolLM2-135M-Instruct-4bit-dialogue");
    Path json = folder.resolve(Detector.JSON_FILE);
    ResultFile.write(json, new DetectorFolder(source).report());
    Path tensors = folder.resolve(Detector.TENSORS_FILE);
    Detector old = Detector.read(source);
    ByteBuffer weights = floats(old.weights());
    SafetensorsWriter.writeSummed(
        tensors,
        Map.of(),
        List.of(
            tensor("weights", List.of(old.weights().length), weights),
            tensor("bias", List.of(1), floats(old.bias()))));
    assertEachDigitCounts(json, 41, UNFIT, () -> Detector.read(folder));
    assertEachDigitCounts(json, 41, UNFIT, () -> new DetectorFolder(folder).report());
    byte[] sound = Files.readAllBytes(tensors);
    int start = (int) SafetensorsHeaderReader.read(tensors).dataStart();
    for (int at = start; at < sound.length; at += 101) {
      byte[] changed = sound.clone();
      changed[at] ^= 1;
      Files.write(tensors, changed);
      for (Reader reader :
          List.<Reader>of(() -> Detector.read(folder), () -> new DetectorFolder(folder).scorer())) {
        String message = assertThrows(HbarException.class, reader::read).getMessage();
        assertTrue(message.startsWith(tensors + ": the checksum of weights does not"), message);
      }
    }
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static TensorToWrite tensor(String name, List<Integer> shape, ByteBuffer bytes) {
    return new TensorToWrite(name, DType.FLOAT32, shape, c -> c.write(bytes.duplicate()));
  }

  /** What the program's own writer leaves: two failed samples. */
  private void states() {
    StatesFolder.Header header =
        new StatesFolder.Header(
            "c",
            "sha",
            Map.of("own", "d"),
            "p",
            new Selection.Records("own", 0, 1, 2),
            2,
            List.of("block.0"),
            List.of("mean-answer"),
            3,
            2,
            "float32",
            "all",
            0.1,
            "cpu",
            Map.of());
    StatesWriter writer = StatesWriter.open(folder, header);
    StatesRun.Shard shard = new StatesRun.Shard(Set.of("own"));
    for (int i = 0; i < 2; i++) {
      shard.addFailed(new Sample("own_%s_cor".formatted(i), 0, "p"), "too long: 123");
    }
    writer.write(0, shard);
    writer.join();
  }

  @Test
  void changedStates_areRefused() throws IOException {
    states();
    Path index = folder.resolve("index.jsonl");
    assertEachDigitCounts(index, 1, "line ", () -> StatesFolder.open(folder));
    assertEachDigitCounts(folder.resolve("states.json"), 1, UNFIT, () -> StatesFolder.open(folder));
    List<String> lines = Files.readAllLines(index);
    String bare = lines.get(1).replaceFirst("\"sum\":\"[0-9a-f]{8}\",", "");
    Files.write(index, List.of(lines.get(0), bare));
    assertThrows(HbarException.class, () -> StatesFolder.open(folder), "one of two without a sum");
    Files.write(index, List.of(bare, bare));
    assertEquals(2, StatesFolder.open(folder).failed(), "written before there were sums");
  }

  @Test
  void changedTensorOfStates_isRefusedWhereItIsRead() throws IOException {
    Path file = folder.resolve("states.safetensors");
    SafetensorsWriter.writeSummed(
        file,
        Map.of("format", "hbar"),
        List.of(
            tensor("block.0.mean-answer", List.of(2, 3), floats(1, 2, 3, 4, 5, 6)),
            tensor("block.1.mean-answer", List.of(1, 3), floats(7, 8, 9))));
    SafetensorsHeader header = SafetensorsHeaderReader.read(file);
    // Reckoned bit by bit in Python over the 24 bytes.
    assertEquals("805104b9", header.metadata().get("sum.block.0.mean-answer"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 13] ^= 1;
    Files.write(file, bytes);
    StatesFolder states = new StatesFolder(folder, null, List.of(), 0);
    assertEquals(9, states.states("block.1", StatePosition.MEAN_ANSWER)[0][2]);
    MatrixFile matrix = MatrixFile.open(file);
    for (Reader reader :
        List.<Reader>of(
            () -> states.states("block.0", StatePosition.MEAN_ANSWER),
            () ->
                matrix.copy(
                    "block.0.mean-answer", Channels.newChannel(OutputStream.nullOutputStream())))) {
      String message = assertThrows(HbarException.class, reader::read).getMessage();
      assertTrue(message.startsWith(file + ": the checksum of block.0.mean-answer "), message);
    }
  }
}
