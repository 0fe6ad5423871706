package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.checkpoint.WeightFiles;
import dev.hbar.model.checkpoint.WeightFilesReader;
import dev.hbar.model.family.ModelLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NativeTest
class FolderConverterTest {
  private static final Quantization FOUR_BITS = new Quantization(32, 4, QuantizationMode.AFFINE);
  private static final String Q = "model.layers.0.self_attn.q_proj";

  @TempDir private Path folder;

  private static ConvertSettings packed(Quantization packing) {
    return new ConvertSettings(Optional.of(packing), Optional.empty(), ConvertSettings.SHARD_BYTES);
  }

  private static ConvertSettings floats(Optional<DType> dtype) {
    return new ConvertSettings(Optional.empty(), dtype, ConvertSettings.SHARD_BYTES);
  }

  private Path convert(TinyFolder source, ConvertSettings settings) throws IOException {
    return convert(source.write(folder.resolve("source")), settings).folder();
  }

  private ConvertResult convert(CheckpointDirectory source, ConvertSettings settings) {
    return FolderConverter.convert(source, folder.resolve("out"), settings, step -> {});
  }

  private String refusal(TinyFolder source, ConvertSettings settings) {
    String message =
        assertThrows(CheckpointException.class, () -> convert(source, settings)).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private Set<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void floatFolder_staysFloatToTheByteWithoutPacking() throws IOException {
    Path out = convert(TinyFolder.model(), floats(Optional.empty()));
    WeightsOf before = WeightsOf.read(folder.resolve("source"));
    WeightsOf after = WeightsOf.read(out);
    assertEquals(before.names(), after.names());
    for (String name : before.names()) {
      assertArrayEquals(before.bytes(name), after.bytes(name), name);
    }
    assertTrue(ModelLoader.of(CheckpointDirectory.of(out)).config().quantization().isEmpty());
  }

  @Test
  void matrices_arePackedAndVectorsAndNarrowOnesAreNot() throws IOException {
    Path out =
        convert(TinyFolder.model(), packed(new Quantization(64, 4, QuantizationMode.AFFINE)));
    WeightsOf weights = WeightsOf.read(out);
    assertEquals(List.of(40, 8), weights.info("model.embed_tokens.weight").shape());
    assertEquals(List.of(64, 1), weights.info(Q + ".biases").shape());
    assertEquals(DType.FLOAT32, weights.info("model.layers.0.mlp.down_proj.weight").dtype());
    assertEquals(DType.FLOAT32, weights.info("model.norm.weight").dtype());
    assertEquals(3 + 3 + 1 + 1, weights.names().size());
    assertEquals(
        Optional.of(new Quantization(64, 4, QuantizationMode.AFFINE)),
        ModelLoader.of(CheckpointDirectory.of(out)).config().quantization().get().forPath(Q));
  }

  @Test
  void declaredType_isThatOfAllFloats() throws IOException {
    Path out =
        convert(TinyFolder.model().config("{\"torch_dtype\":\"bfloat16\"}"), packed(FOUR_BITS));
    WeightsOf weights = WeightsOf.read(out);
    assertEquals(DType.BFLOAT16, weights.info(Q + ".scales").dtype());
    assertEquals(DType.BFLOAT16, weights.info("model.norm.weight").dtype());
  }

  @Test
  void givenType_winsAndIsDeclared() throws IOException {
    Path out =
        convert(
            TinyFolder.model().config("{\"torch_dtype\":\"bfloat16\"}"),
            floats(Optional.of(DType.FLOAT16)));
    assertEquals(DType.FLOAT16, WeightsOf.read(out).info(Q + ".weight").dtype());
    assertEquals(
        Optional.of(DType.FLOAT16), ModelLoader.of(CheckpointDirectory.of(out)).config().dtype());
  }

  @Test
  void packedFolder_becomesFloatWithoutPacking() throws IOException {
    CheckpointDirectory four =
        CheckpointDirectory.of(convert(TinyFolder.model(), packed(FOUR_BITS)));
    Path out = folder.resolve("float");
    FolderConverter.convert(four, out, floats(Optional.empty()), step -> {});
    WeightsOf weights = WeightsOf.read(out);
    assertEquals(List.of(64, 64), weights.info(Q + ".weight").shape());
    assertEquals(4, weights.names().size());
    assertFalse(Files.readString(out.resolve("config.json")).contains("quantization"));
  }

  @Test
  void tiedHeadAndRotaryBuffers_areDropped() throws IOException {
    TinyFolder source =
        TinyFolder.model()
            .random("lm_head.weight", 40, 64)
            .random("model.layers.0.self_attn.rotary_emb.inv_freq", 16);
    assertEquals(4, WeightsOf.read(convert(source, floats(Optional.empty()))).names().size());
  }

  @Test
  void ownHead_isKept() throws IOException {
    TinyFolder source =
        TinyFolder.model()
            .config("{\"tie_word_embeddings\":false}")
            .random("lm_head.weight", 40, 64);
    assertEquals(5, WeightsOf.read(convert(source, floats(Optional.empty()))).names().size());
  }

  @Test
  void largeResult_isShardedWithAnIndex() throws IOException {
    CheckpointDirectory source = TinyFolder.model().write(folder.resolve("source"));
    Path whole = convert(source, packed(FOUR_BITS)).folder();
    Path parts = folder.resolve("parts");
    FolderConverter.convert(
        source,
        parts,
        new ConvertSettings(Optional.of(FOUR_BITS), Optional.empty(), 3000),
        s -> {});
    WeightFiles files = WeightFilesReader.read(CheckpointDirectory.of(parts));
    assertEquals(4, files.shards().size());
    assertEquals(
        "model-00001-of-00004.safetensors",
        files
            .find("model.embed_tokens.scales")
            .orElseThrow()
            .shard()
            .file()
            .getFileName()
            .toString());
    String index = Files.readString(parts.resolve("model.safetensors.index.json"));
    assertTrue(index.contains("\"total_size\" : " + files.byteSize()), index);
    assertTrue(
        index.contains("\"total_parameters\" : " + (40 * 64 + 64 * 64 + 64 * 96 + 64)), index);
    assertFalse(Files.exists(parts.resolve("model.safetensors")));
    assertEquals(WeightsOf.read(whole).names(), List.copyOf(files.names()));
    WeightsOf expected = WeightsOf.read(whole);
    try (MlxScope scope = MlxScope.open("test")) {
      files
          .locations()
          .forEach(
              (name, at) ->
                  assertArrayEquals(
                      expected.bytes(name),
                      SafetensorsLoader.load(scope, at.shard(), List.of(name)).get(name).toBytes(),
                      name));
    }
  }

  @Test
  void companions_areCopiedAndCodeIsNot() throws IOException {
    Path source = folder.resolve("source");
    TinyFolder.model().write(source);
    List<String> kept =
        List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "LICENSE",
            "additional_chat_templates/tool_use.jinja");
    Files.createDirectory(source.resolve("additional_chat_templates"));
    for (String name : kept) {
      Files.writeString(source.resolve(name), "{}" + name);
    }
    Files.writeString(source.resolve("modeling_own.py"), "print()");
    Files.writeString(source.resolve("pytorch_model.bin.index.json"), "{}");
    Path out = convert(CheckpointDirectory.of(source), packed(FOUR_BITS)).folder();
    for (String name : kept) {
      assertEquals("{}" + name, Files.readString(out.resolve(name)));
    }
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(3 + kept.size(), files.count());
    }
  }

  @Test
  void configNumbers_keepTheirValues() throws IOException {
    Path out =
        convert(
            TinyFolder.model().config("{\"_name_or_path\":\"x\",\"own\":12345678901234567890}"),
            packed(FOUR_BITS));
    String config = Files.readString(out.resolve("config.json"));
    assertTrue(config.contains("12345678901234567890"), config);
    assertFalse(config.contains("_name_or_path"), config);
    assertEquals(1e-6, ModelLoader.of(CheckpointDirectory.of(out)).config().rmsNormEps());
  }

  @Test
  void sameConversion_isUpToDateAndAnotherIsRefused() throws IOException {
    CheckpointDirectory source = TinyFolder.model().write(folder.resolve("source"));
    assertFalse(convert(source, packed(FOUR_BITS)).upToDate());
    assertTrue(convert(source, packed(FOUR_BITS)).upToDate());
    String message =
        assertThrows(CheckpointException.class, () -> convert(source, floats(Optional.empty())))
            .getMessage();
    assertTrue(message.contains("is not empty"), message);
  }

  @Test
  void folderWithOtherFiles_isRefusedBeforeTheSourceIsRead() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/mine.txt"), "mine");
    List<ConvertProgress> steps = new ArrayList<>();
    CheckpointDirectory source = TinyFolder.model().write(folder.resolve("source"));
    assertThrows(
        CheckpointException.class,
        () ->
            FolderConverter.convert(source, folder.resolve("out"), packed(FOUR_BITS), steps::add));
    assertEquals(List.of(), steps);
  }

  @Test
  void nothingToPack_isRefused() throws IOException {
    String message =
        refusal(
            new TinyFolder().random(Q + ".weight", 64, 48),
            packed(new Quantization(64, 4, QuantizationMode.AFFINE)));
    assertTrue(message.contains("groups of 64"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"awq", "gptq", "bitnet", "fp8", "bitsandbytes", "compressed-tensors"})
  void foreignQuantization_isRefusedByName(String method) throws IOException {
    String message =
        refusal(
            TinyFolder.model()
                .config("{\"quantization_config\":{\"quant_method\":\"%s\"}}".formatted(method)),
            packed(FOUR_BITS));
    assertTrue(message.contains("\"" + method + "\""), message);
    assertTrue(message.contains("config.json"), message);
  }

  @Test
  void missingBiases_areNamedAndNothingIsLeft() throws IOException {
    TinyFolder source =
        new TinyFolder()
            .config("{\"quantization\":{\"group_size\":32,\"bits\":4}}")
            .tensor(Q + ".weight", DType.UINT32, List.of(64, 8), new byte[64 * 8 * 4])
            .tensor(Q + ".scales", DType.FLOAT16, List.of(64, 2), new byte[64 * 2 * 2]);
    String message = refusal(source, packed(FOUR_BITS));
    assertTrue(message.contains(Q + ".biases"), message);
    assertEquals(Set.of("source"), left());
  }

  @Test
  void stoppedConversion_leavesNothing() throws IOException {
    CheckpointDirectory source = TinyFolder.model().write(folder.resolve("source"));
    assertThrows(
        IllegalStateException.class,
        () ->
            FolderConverter.convert(
                source,
                folder.resolve("out"),
                packed(FOUR_BITS),
                step -> {
                  if (step.step().startsWith("model.norm")) {
                    throw new IllegalStateException("stop");
                  }
                }));
    assertEquals(Set.of("source"), left());
  }

  /** A packed group hides one NaN, and float16 has no 70,000. */
  @Test
  void numberThatIsNone_isRefusedByTensorHoweverItIsWritten() throws IOException {
    float[] broken = {Float.NaN, Float.NEGATIVE_INFINITY, 70_000};
    for (float value : broken) {
      ByteBuffer data = ByteBuffer.allocate(4 * 64 * 64).order(ByteOrder.LITTLE_ENDIAN);
      data.putFloat(4 * 64 * 63, value);
      TinyFolder source =
          TinyFolder.model().tensor(Q + ".weight", DType.FLOAT32, List.of(64, 64), data.array());
      List<ConvertSettings> all = new ArrayList<>(List.of(floats(Optional.of(DType.FLOAT16))));
      if (value != 70_000) {
        all.add(packed(FOUR_BITS));
        all.add(packed(new Quantization(32, 4, QuantizationMode.MXFP4)));
        all.add(floats(Optional.empty()));
      }
      for (ConvertSettings settings : all) {
        String message = refusal(source, settings);
        assertTrue(message.contains(Q + ".weight\" holds NaN, infinity"), message);
        assertTrue(message.contains("model.safetensors: download it again"), message);
      }
    }
    assertEquals(Set.of("source"), left());
  }
}
