package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the folder of an adapter, as mlx-lm writes it (adapters.safetensors) or PEFT
 * (adapter_model.safetensors), both with adapter_config.json.
 */
final class AdapterReader {
  private static final String CONFIG = "adapter_config.json";
  private static final String MLX_FILE = "adapters.safetensors";
  private static final String PEFT_FILE = "adapter_model.safetensors";
  private static final String PEFT_PREFIX = "base_model.model.";

  private final SafetensorsHeader file;
  private final JsonFields config;
  private final boolean peft;
  private final Map<String, WeightFiles.Location> anew = new HashMap<>();
  private final Map<String, Map<String, String>> parts = new TreeMap<>();

  private AdapterReader(SafetensorsHeader file, JsonFields config) {
    this.file = file;
    this.config = config;
    this.peft = config.has("peft_type");
  }

  /** The adapter's config; empty when the folder is not that of an adapter. */
  static Optional<JsonFields> config(CheckpointDirectory folder) {
    return folder.find("config.json").isPresent()
        ? Optional.empty()
        : folder.find(CONFIG).map(path -> JsonFile.read(path, JsonFile.CONFIG_BYTES));
  }

  /**
   * Reads config and header.
   *
   * @throws CheckpointException when it is no adapter, or of a kind that is not known
   */
  static Adapter read(CheckpointDirectory folder) {
    JsonFields config =
        folder
            .find(CONFIG)
            .map(path -> JsonFile.read(path, JsonFile.CONFIG_BYTES))
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "%s has no %s: name the folder of an adapter"
                            .formatted(folder.path(), CONFIG)));
    Path weights = weights(folder);
    return new AdapterReader(SafetensorsHeaderReader.read(weights), config).read();
  }

  /** The adapter's files that decide what it computes. */
  static List<Path> files(CheckpointDirectory folder) {
    return List.of(folder.require(CONFIG), weights(folder));
  }

  private static Path weights(CheckpointDirectory folder) {
    return folder
        .find(MLX_FILE)
        .or(() -> folder.find(PEFT_FILE))
        .orElseThrow(
            () ->
                new CheckpointException(
                    "neither %s nor %s, in %s: save the adapter as safetensors"
                        .formatted(MLX_FILE, PEFT_FILE, folder.path())));
  }

  private Adapter read() {
    requireKnownKind();
    file.tensors().keySet().forEach(this::sort);
    Map<String, LowRank> sums = new HashMap<>();
    parts.forEach((path, named) -> sums.put(path, sum(path, named)));
    return new Adapter(sums, anew);
  }

  private void requireKnownKind() {
    String field = peft ? "peft_type" : "fine_tune_type";
    String kind = config.text(field).orElse("lora");
    boolean known = peft ? kind.equalsIgnoreCase("LORA") : kind.matches("lora|dora|full");
    if (!known) {
      throw config.fault(field, "is " + ErrorText.quoted(kind) + ", known are LoRA and DoRA");
    }
    if (config.flag("fan_in_fan_out").orElse(false)) {
      throw config.fault("fan_in_fan_out", "must be false");
    }
  }

  /** A part of a sum, or a tensor that stands for itself. */
  private void sort(String stored) {
    String bare = stored.startsWith(PEFT_PREFIX) ? stored.substring(PEFT_PREFIX.length()) : stored;
    String name = bare.replaceFirst("\\.(lora_A|lora_B|lora_magnitude_vector)\\.weight$", ".$1");
    int dot = Math.max(0, name.lastIndexOf('.'));
    String part = part(name.substring(dot));
    if (part.isEmpty()) {
      TextNames.of(name)
          .ifPresent(
              own -> anew.put(own, new WeightFiles.Location(file, file.tensors().get(stored))));
      return;
    }
    TextNames.of(name.substring(0, dot) + ".weight")
        .map(own -> own.substring(0, own.length() - ".weight".length()))
        .ifPresent(path -> parts.computeIfAbsent(path, p -> new HashMap<>()).put(part, stored));
  }

  private static String part(String suffix) {
    return switch (suffix) {
      case ".lora_a", ".lora_A" -> "a";
      case ".lora_b", ".lora_B" -> "b";
      case ".lora_embedding_A" -> "embedding a";
      case ".lora_embedding_B" -> "embedding b";
      case ".m", ".lora_magnitude_vector" -> "magnitude";
      default -> "";
    };
  }

  private LowRank sum(String path, Map<String, String> named) {
    boolean embeds = named.containsKey("embedding a");
    String a = named.get(embeds ? "embedding a" : "a");
    String b = named.get(embeds ? "embedding b" : "b");
    if (a == null || b == null) {
      throw CheckpointException.inFile(
          file.file(),
          "%s has only one half of its low-rank product".formatted(ErrorText.quoted(path)),
          "save the adapter again");
    }
    int dimensions = file.tensors().get(a).shape().size();
    boolean experts = !peft && dimensions == 3;
    if (dimensions != (experts ? 3 : 2) || file.tensors().get(b).shape().size() != dimensions) {
      throw CheckpointException.inFile(
          file.file(), ErrorText.quoted(a) + " is no matrix", "save the adapter again");
    }
    LowRank.Form form =
        embeds
            ? LowRank.Form.TORCH_EMBEDDING
            : peft || experts ? LowRank.Form.TORCH : LowRank.Form.MLX;
    int rank = file.tensors().get(a).shape().get(0);
    return new LowRank(
        file, form, a, b, Optional.ofNullable(named.get("magnitude")), scale(path, rank));
  }

  private double scale(String path, int rank) {
    if (!peft) {
      JsonFields lora =
          config.object("lora_parameters").orElseThrow(() -> config.missing("lora_parameters"));
      return lora.optionalNumber("scale").orElseThrow(() -> lora.missing("scale"));
    }
    double alpha = config.optionalNumber("lora_alpha").orElse(8);
    Optional<JsonFields> patterns = config.object("alpha_pattern");
    for (String key : patterns.map(JsonFields::names).orElse(Set.of())) {
      if (matches(key, path)) {
        alpha = patterns.get().optionalNumber(key).orElse(alpha);
        break;
      }
    }
    return config.flag("use_rslora").orElse(false) ? alpha / Math.sqrt(rank) : alpha / rank;
  }

  private boolean matches(String pattern, String path) {
    try {
      return FilePattern.matches("(.*\\.)?(" + pattern + ")", path);
    } catch (PatternSyntaxException e) {
      throw config.fault(
          "alpha_pattern", ErrorText.quoted(pattern) + " is no pattern, or takes too long");
    }
  }
}
