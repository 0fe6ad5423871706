package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.tokenizer.SentencePieceModel.Kind;
import dev.hbar.model.tokenizer.SentencePieceModel.Piece;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tokenizer.json of a checkpoint that has only a tokenizer.model.
 *
 * <p>Plain text has the ids that SentencePiece gives. Control pieces are special tokens, also where
 * they stand in a text; the text after one begins with a space of its own, unless {@code legacy} is
 * false in tokenizer_config.json, in which case the file is made as transformers 5 makes it.
 */
final class SentencePieceFile {

  /** Its usual name. */
  static final String NAME = "tokenizer.model";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SPACE = "\u2581";

  private final SentencePieceModel model;
  private final JsonNode config;
  private final JsonNode added;

  private SentencePieceFile(SentencePieceModel model, JsonNode config, JsonNode added) {
    this.model = model;
    this.config = config;
    this.added = added;
  }

  /** The text of the tokenizer.json that means the same as the folder's tokenizer.model. */
  static String json(CheckpointDirectory directory) {
    return new SentencePieceFile(
            SentencePieceModel.read(directory.require(NAME)),
            optional(directory, "tokenizer_config.json"),
            optional(directory, "added_tokens.json"))
        .whole()
        .toString();
  }

  /** The tokenizer.json of such a model alone. */
  static ObjectNode of(SentencePieceModel model, JsonNode config) {
    return new SentencePieceFile(model, config, JSON.objectNode()).whole();
  }

  private static JsonNode optional(CheckpointDirectory directory, String name) {
    return directory.find(name).flatMap(ChatTemplateReader::json).orElse(JSON.objectNode());
  }

  private ObjectNode whole() {
    ObjectNode root = JSON.objectNode();
    root.put("version", "1.0");
    root.set("added_tokens", addedTokens());
    root.set("normalizer", typed("Sequence").set("normalizers", normalizers()));
    ArrayNode splits = preTokenizers();
    root.set(
        "pre_tokenizer",
        splits.isEmpty() ? JSON.nullNode() : typed("Sequence").set("pretokenizers", splits));
    root.set("post_processor", postProcessor());
    root.set("decoder", decoder(model.dummyPrefix()));
    root.set("model", model.unigram() ? unigram() : pairs());
    return root;
  }

  /**
   * Whether the text begins with a space by SentencePiece's rule, not by that of transformers 5.
   */
  private boolean strict() {
    return config.path("legacy").asBoolean(true);
  }

  /**
   * Whether pieces that users defined are split off as words. As added tokens they would be looked
   * for with a space before them, where the text begins with one.
   */
  private boolean ownAreWords() {
    return strict()
        && !model.unigram()
        && model.dummyPrefix()
        && !texts(Kind.USER_DEFINED).isEmpty();
  }

  private ArrayNode normalizers() {
    ArrayNode steps = JSON.arrayNode();
    if (model.charsMap().length > 0) {
      steps.add(
          typed("Precompiled")
              .put("precompiled_charsmap", Base64.getEncoder().encodeToString(model.charsMap())));
    }
    if (model.removesExtraWhitespace()) {
      steps.add(replace("Regex", "^ +| +$", "")).add(replace("Regex", " {2,}", " "));
    }
    if (strict()) {
      if (model.dummyPrefix()) {
        steps.add(typed("Prepend").put("prepend", SPACE));
      }
      steps.add(replace("String", " ", SPACE));
    }
    return steps;
  }

  private ArrayNode preTokenizers() {
    ArrayNode steps = JSON.arrayNode();
    if (!strict()) {
      steps.add(
          typed("Metaspace")
              .put("replacement", SPACE)
              .put("prepend_scheme", model.dummyPrefix() ? "first" : "never")
              .put("split", false));
      return steps;
    }
    if (ownAreWords()) {
      String own =
          texts(Kind.USER_DEFINED).stream()
              .sorted(Comparator.comparing(String::length).reversed())
              .map(text -> text.replaceAll("[^\\p{L}\\p{N}\\s\u2581]", "\\\\$0"))
              .collect(Collectors.joining("|"));
      steps.add(
          typed("Split")
              .put("behavior", "Isolated")
              .put("invert", false)
              .set("pattern", JSON.objectNode().put("Regex", own)));
    }
    return steps;
  }

  /**
   * Pieces and bytes back to text.
   *
   * @param prefix whether the text began with a space of its own
   */
  static JsonNode decoder(boolean prefix) {
    ArrayNode steps = JSON.arrayNode();
    steps.add(replace("String", SPACE, " "));
    steps.add(typed("ByteFallback")).add(typed("Fuse"));
    if (prefix) {
      steps.add(typed("Strip").put("content", " ").put("start", 1).put("stop", 0));
    }
    return typed("Sequence").set("decoders", steps);
  }

  private JsonNode unigram() {
    ObjectNode fields = typed("Unigram");
    ArrayNode vocab = fields.put("unk_id", model.unknownId()).putArray("vocab");
    DoubleSummaryStatistics scores =
        model.pieces().stream()
            .filter(piece -> piece.kind() == Kind.NORMAL)
            .mapToDouble(Piece::score)
            .summaryStatistics();
    for (Piece piece : model.pieces()) {
      vocab.addArray().add(piece.text()).add(score(piece, scores.getMin(), scores.getMax()));
    }
    return fields.put("byte_fallback", model.byteFallback());
  }

  /** What users defined is preferred to other pieces; the name of a byte never is. */
  private static double score(Piece piece, double least, double most) {
    return switch (piece.kind()) {
      case NORMAL -> piece.score();
      case USER_DEFINED -> piece.text().getBytes(StandardCharsets.UTF_8).length * most - 0.1;
      case BYTE -> least * (piece.text().length() + 1);
      default -> least;
    };
  }

  private JsonNode pairs() {
    ObjectNode fields = typed("BPE");
    fields.put("unk_token", model.pieces().get(model.unknownId()).text());
    fields.put("fuse_unk", true).put("byte_fallback", model.byteFallback());
    // Pieces that users defined are split off as words and found whole.
    fields.put("ignore_merges", ownAreWords());
    ObjectNode vocab = fields.putObject("vocab");
    for (int id = 0; id < model.pieces().size(); id++) {
      vocab.put(model.pieces().get(id).text(), id);
    }
    fields.set("merges", merges());
    return fields;
  }

  /** Every way to make a piece of two others; the piece of the highest score first. */
  private ArrayNode merges() {
    Set<String> known = new HashSet<>(texts(Kind.NORMAL));
    List<Piece> best =
        model.pieces().stream()
            .filter(piece -> piece.kind() == Kind.NORMAL)
            .sorted(Comparator.comparingDouble(piece -> -piece.score()))
            .toList();
    ArrayNode merges = JSON.arrayNode();
    for (Piece piece : best) {
      String text = piece.text();
      for (int cut = 1; cut < text.length(); cut++) {
        String left = text.substring(0, cut);
        String right = text.substring(cut);
        if (known.contains(left) && known.contains(right)) {
          merges.addArray().add(left).add(right);
        }
      }
    }
    return merges;
  }

  private List<String> texts(Kind kind) {
    return model.pieces().stream()
        .filter(piece -> piece.kind() == kind)
        .map(Piece::text)
        .distinct()
        .toList();
  }

  private ArrayNode addedTokens() {
    Map<Integer, ObjectNode> tokens = new TreeMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      Piece piece = model.pieces().get(id);
      switch (piece.kind()) {
        case CONTROL, UNKNOWN -> tokens.put(id, token(id, piece.text(), true));
        case USER_DEFINED -> {
          if (!model.unigram() && !ownAreWords()) {
            tokens.put(id, token(id, piece.text(), false).put("normalized", true));
          }
        }
        default -> {
          // The others are found by the model alone.
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : added.properties()) {
      int id = entry.getValue().asInt(-1);
      tokens.put(id, token(id, entry.getKey(), true));
    }
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      int id = entry.getKey().matches("\\d{1,9}") ? Integer.parseInt(entry.getKey()) : -1;
      JsonNode given = entry.getValue();
      ObjectNode token = token(id, given.path("content").asText(), true);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
        token.put(flag, given.path(flag).asBoolean(false));
      }
      tokens.put(id, token);
    }
    ArrayNode list = JSON.arrayNode();
    tokens.values().forEach(list::add);
    return list;
  }

  private static ObjectNode token(int id, String content, boolean special) {
    return JSON.objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", special);
  }

  private JsonNode postProcessor() {
    ObjectNode processor = typed("TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    ArrayNode pair = processor.putArray("pair");
    ObjectNode special = processor.putObject("special_tokens");
    if (config.path("add_bos_token").asBoolean(true)) {
      put(special, single, pair, model.beginId());
    }
    single.addObject().set("Sequence", sequence("A"));
    pair.addObject().set("Sequence", sequence("A"));
    pair.addObject().set("Sequence", sequence("B"));
    if (config.path("add_eos_token").asBoolean(false)) {
      put(special, single, pair, model.endId());
    }
    return special.isEmpty() ? JSON.nullNode() : processor;
  }

  private void put(ObjectNode special, ArrayNode single, ArrayNode pair, int id) {
    if (id < 0 || id >= model.pieces().size()) {
      return;
    }
    String text = model.pieces().get(id).text();
    ObjectNode entry = special.putObject(text).put("id", text);
    entry.putArray("ids").add(id);
    entry.putArray("tokens").add(text);
    single.addObject().set("SpecialToken", sequence(text));
    pair.addObject().set("SpecialToken", sequence(text));
  }

  private static ObjectNode sequence(String id) {
    return JSON.objectNode().put("id", id).put("type_id", 0);
  }

  private static ObjectNode replace(String kind, String pattern, String content) {
    ObjectNode step = typed("Replace").put("content", content);
    step.putObject("pattern").put(kind, pattern);
    return step;
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }
}
