package dev.hbar.model.convert;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The config.json of a converted folder: the source's fields, sorted, with the new packing. */
final class FolderConfig {
  private static final String PACKING = "quantization";

  /** The name that Hugging Face shows, and reads in files of MLX too. */
  private static final String PACKING_COPY = "quantization_config";

  /** Numbers keep all their digits. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private FolderConfig() {}

  /**
   * The fields of the result.
   *
   * @param config config.json of the source, validated before
   */
  static Map<String, Object> fields(Path config, ConvertSettings settings) throws IOException {
    JsonNode source = JSON.readTree(RegularFile.text(config, 1 << 23));
    Map<String, Object> fields = new TreeMap<>();
    source.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    fields.remove("_name_or_path");
    fields.remove(PACKING);
    fields.remove(PACKING_COPY);
    settings
        .quantization()
        .map(ConvertSettings::fields)
        .ifPresent(
            packing -> {
              fields.put(PACKING, packing);
              fields.put(PACKING_COPY, packing);
            });
    settings
        .dtype()
        .ifPresent(
            dtype ->
                fields.put(
                    fields.containsKey("dtype") ? "dtype" : "torch_dtype",
                    dtype.name().toLowerCase(Locale.ROOT)));
    return fields;
  }
}
