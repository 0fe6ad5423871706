package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.checkpoint.WeightFiles;
import dev.hbar.model.checkpoint.WeightFilesReader;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.Linear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way of packing, against what MLX in Python makes of one matrix and what numpy finds in the
 * codes: scripts/fixtures/quantized.py made the file.
 */
@NativeTest
class QuantizedBytesTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 256;
  private static final String PATH = "model.layers.0.self_attn.q_proj";

  @TempDir private Path folder;

  private static WeightsOf cases() throws IOException {
    return WeightsOf.readFile(
        Path.of(System.getProperty("hbar.root"))
            .resolve("adapters/src/test/resources/quantized/cases.safetensors"));
  }

  static Stream<String> names() throws IOException {
    return cases().names().stream()
        .filter(name -> name.endsWith(".values"))
        .map(name -> name.replace(".values", ""));
  }

  /** What a name such as {@code affine_b4_g64_float16} says. */
  private static Quantization packing(String name) {
    String[] parts = name.split("_");
    return new Quantization(
        Integer.parseInt(parts[2].substring(1)),
        Integer.parseInt(parts[1].substring(1)),
        QuantizationMode.ofMlxName(parts[0]).orElseThrow());
  }

  private static DType dtype(String name) {
    return DType.valueOf(name.split("_")[3].toUpperCase(Locale.ROOT));
  }

  private static TinyFolder source(WeightsOf cases, DType dtype) throws IOException {
    String name = "source." + dtype.name().toLowerCase(Locale.ROOT);
    return new TinyFolder()
        .tensor(PATH + ".weight", dtype, List.of(ROWS, COLUMNS), cases.bytes(name));
  }

  private WeightsOf converted(CheckpointDirectory source, String out, Quantization packing)
      throws IOException {
    ConvertSettings settings =
        new ConvertSettings(Optional.of(packing), Optional.empty(), ConvertSettings.SHARD_BYTES);
    FolderConverter.convert(source, folder.resolve(out), settings, step -> {});
    return WeightsOf.read(folder.resolve(out));
  }

  private static void assertSame(WeightsOf cases, String expected, WeightsOf made) {
    List<String> parts =
        cases.names().stream()
            .filter(name -> name.matches(expected + "\\.(weight|scales|biases)"))
            .map(name -> name.substring(expected.length()))
            .toList();
    assertTrue(parts.size() == 2 || parts.size() == 3, "no case " + expected);
    assertEquals(parts.size(), made.names().size(), made.names().toString());
    for (String part : parts) {
      assertEquals(cases.info(expected + part).dtype(), made.info(PATH + part).dtype());
      assertEquals(cases.info(expected + part).shape(), made.info(PATH + part).shape());
      assertArrayEquals(cases.bytes(expected + part), made.bytes(PATH + part), part);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void packedMatrix_hasTheBytesOfMlxAndLoadsToTheValuesOfItsCodes(String name) throws IOException {
    WeightsOf cases = cases();
    CheckpointDirectory source = source(cases, dtype(name)).write(folder.resolve("source"));
    assertSame(cases, name, converted(source, "out", packing(name)));

    float[] expected = floats(cases.bytes(name + ".values"));
    assertClose(expected, loaded(WeightForm.DENSE, DType.FLOAT32));
    assertClose(expected, loaded(WeightForm.PACKED, DType.FLOAT32));
  }

  /** A second conversion starts from the values that the first one left. */
  @Test
  void packedFolder_isPackedAnewFromItsValues() throws IOException {
    WeightsOf cases = cases();
    CheckpointDirectory source = source(cases, DType.FLOAT16).write(folder.resolve("source"));
    converted(source, "four", new Quantization(64, 4, QuantizationMode.AFFINE));
    WeightsOf again =
        converted(
            CheckpointDirectory.of(folder.resolve("four")),
            "three",
            new Quantization(64, 3, QuantizationMode.AFFINE));
    assertSame(cases, "again", again);
  }

  /** The weight as the loader has it: its product with the identity. */
  private float[] loaded(WeightForm form, DType dtype) {
    CheckpointDirectory out = CheckpointDirectory.of(folder.resolve("out"));
    ModelConfig config = ModelLoader.of(out).config();
    WeightFiles files = WeightFilesReader.read(out);
    try (MlxScope model = MlxScope.open("model");
        WeightStore weights = new WeightStore(model, files, config, form, dtype)) {
      Linear linear = weights.linear(PATH, COLUMNS, ROWS, false);
      weights.requireAllConsumed();
      assertEquals(form == WeightForm.DENSE, linear instanceof Linear.Dense);
      MlxArray product = linear.apply(model, identity(model));
      return model.ops().transpose(product, 1, 0).toFloats();
    }
  }

  private static MlxArray identity(MlxScope scope) {
    float[] values = new float[COLUMNS * COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      values[i * COLUMNS + i] = 1;
    }
    return scope.floats(values, COLUMNS, COLUMNS);
  }

  /** One rounding of scale times code plus bias, in float32, may differ. */
  private static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5 * Math.max(1, Math.abs(expected[i])), "at " + i);
    }
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
