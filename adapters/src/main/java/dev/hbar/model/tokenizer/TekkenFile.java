package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokenizer.json of a checkpoint that has only Mistral's tekken.json: words of bytes, each with
 * a rank, of which the pair that makes the lowest rank is joined first. Special tokens have the
 * first ids; those that the file does not name are {@code <SPECIAL_n>}.
 */
final class TekkenFile {
  /** Its usual name. */
  static final String NAME = "tekken.json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String BEGIN = "<s>";
  private static final String TYPE = "type";
  private static final int MOST_TOKENS = 1 << 24;

  /** What files of the first versions leave to mistral-common, in the order of their ids. */
  private static final List<String> FIRST =
      List.of(
          "<unk>",
          BEGIN,
          "</s>",
          "[INST]",
          "[/INST]",
          "[AVAILABLE_TOOLS]",
          "[/AVAILABLE_TOOLS]",
          "[TOOL_RESULTS]",
          "[/TOOL_RESULTS]",
          "[TOOL_CALLS]",
          "[IMG]",
          "<pad>",
          "[IMG_BREAK]",
          "[IMG_END]",
          "[PREFIX]",
          "[MIDDLE]",
          "[SUFFIX]",
          "[SYSTEM_PROMPT]",
          "[/SYSTEM_PROMPT]",
          "[TOOL_CONTENT]");

  private final Path file;
  private final JsonNode root;
  private final int special;
  private final int words;

  private TekkenFile(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
    this.special = size("default_num_special_tokens", 1);
    this.words = size("default_vocab_size", special + 1) - special;
  }

  /** The text of the tokenizer.json that means the same as a tekken.json. */
  static String json(Path file) {
    return new TekkenFile(file, TokenizerFile.tree(file, TokenizerFile.text(file)))
        .whole()
        .toString();
  }

  private int size(String field, int least) {
    JsonNode value = root.path("config").path(field);
    if (!value.isInt() || value.intValue() < least || value.intValue() > MOST_TOKENS) {
      throw broken("config.%s is not a number from %s".formatted(field, least));
    }
    return value.intValue();
  }

  private ObjectNode whole() {
    Map<Integer, ObjectNode> added = added();
    ObjectNode whole = JSON.objectNode();
    whole.put("version", "1.0");
    whole.set("added_tokens", JSON.arrayNode().addAll(added.values()));
    whole.set("normalizer", JSON.nullNode());
    whole.set("pre_tokenizer", splits());
    whole.set("post_processor", begin(added));
    whole.set("decoder", byteLevel());
    whole.set("model", model(added.values(), words()));
    return whole;
  }

  /** By id. */
  private Map<Integer, ObjectNode> added() {
    Map<Integer, ObjectNode> tokens = new TreeMap<>();
    JsonNode named = root.path("special_tokens");
    for (JsonNode token : named) {
      if (!token.path("rank").isInt() || !token.path("token_str").isTextual()) {
        throw broken("special_tokens has an entry without rank and token_str");
      }
      put(
          tokens,
          token.get("rank").intValue(),
          token.get("token_str").asText(),
          token.path("is_control").asBoolean(true));
    }
    for (int id = 0; named.isEmpty() && id < Math.min(FIRST.size(), special); id++) {
      put(tokens, id, FIRST.get(id), true);
    }
    for (int id = 0; id < special; id++) {
      if (!tokens.containsKey(id)) {
        put(tokens, id, "<SPECIAL_%s>".formatted(id), true);
      }
    }
    return tokens;
  }

  private void put(Map<Integer, ObjectNode> tokens, int id, String text, boolean control) {
    if (id < 0 || id >= special || tokens.containsKey(id)) {
      throw broken("special_tokens has rank %s twice or out of range".formatted(id));
    }
    ObjectNode token = JSON.objectNode().put("id", id).put("content", text);
    token.put("single_word", false).put("lstrip", false).put("rstrip", false);
    tokens.put(id, token.put("normalized", false).put("special", control));
  }

  private ObjectNode splits() {
    JsonNode pattern = root.path("config").path("pattern");
    if (!pattern.isTextual()) {
      throw broken("config.pattern is not a text");
    }
    ObjectNode split = JSON.objectNode().put(TYPE, "Split");
    split.set("pattern", JSON.objectNode().put("Regex", pattern.asText()));
    split.put("behavior", "Isolated").put("invert", false);
    ArrayNode steps = JSON.arrayNode().add(split).add(byteLevel());
    return JSON.objectNode().put(TYPE, "Sequence").set("pretokenizers", steps);
  }

  private static ObjectNode byteLevel() {
    ObjectNode step = JSON.objectNode().put(TYPE, "ByteLevel").put("add_prefix_space", false);
    return step.put("trim_offsets", true).put("use_regex", false);
  }

  /** A text begins with the token for that, where there is one. */
  private static JsonNode begin(Map<Integer, ObjectNode> added) {
    for (Map.Entry<Integer, ObjectNode> token : added.entrySet()) {
      if (token.getValue().get("content").asText().equals(BEGIN)) {
        ObjectNode one = JSON.objectNode().put("id", BEGIN);
        one.set("ids", JSON.arrayNode().add(token.getKey()));
        one.set("tokens", JSON.arrayNode().add(BEGIN));
        ObjectNode template = JSON.objectNode().put(TYPE, "TemplateProcessing");
        template.set("single", JSON.arrayNode().add(put(BEGIN)).add(text("A", 0)));
        template.set("pair", JSON.arrayNode().add(put(BEGIN)).add(text("A", 0)).add(text("B", 1)));
        return template.set("special_tokens", JSON.objectNode().set(BEGIN, one));
      }
    }
    return JSON.nullNode();
  }

  private static ObjectNode put(String token) {
    ObjectNode inner = JSON.objectNode().put("id", token).put("type_id", 0);
    return JSON.objectNode().set("SpecialToken", inner);
  }

  private static ObjectNode text(String name, int type) {
    ObjectNode inner = JSON.objectNode().put("id", name).put("type_id", type);
    return JSON.objectNode().set("Sequence", inner);
  }

  /** In the order of their ranks, in the alphabet of byte-level pieces. */
  private List<String> words() {
    JsonNode vocabulary = root.path("vocab");
    if (vocabulary.size() < words) {
      throw broken("vocab has %s words, config wants %s".formatted(vocabulary.size(), words));
    }
    List<String> pieces = new ArrayList<>(words);
    for (int rank = 0; rank < words; rank++) {
      JsonNode word = vocabulary.get(rank);
      if (word.path("rank").asInt(-1) != rank) {
        throw broken("vocab is not in the order of its ranks at %s".formatted(rank));
      }
      pieces.add(ByteLevelDecoder.piece(bytes(word.path("token_bytes").asText(), rank)));
    }
    return pieces;
  }

  private byte[] bytes(String base64, int rank) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw broken("vocab has a word that is no Base64, rank %s".formatted(rank));
    }
    throw broken("vocab has an empty word, rank %s".formatted(rank));
  }

  private ObjectNode model(Collection<ObjectNode> added, List<String> pieces) {
    Map<String, Integer> ranks = HashMap.newHashMap(pieces.size());
    ObjectNode vocabulary = JSON.objectNode();
    // A token that the vocabulary does not have would get another id.
    added.forEach(token -> vocabulary.set(token.get("content").asText(), token.get("id")));
    for (String piece : pieces) {
      if (ranks.put(piece, ranks.size()) != null) {
        throw broken("vocab has a word twice, rank %s".formatted(ranks.size()));
      }
      if (vocabulary.putIfAbsent(piece, JSON.numberNode(special + ranks.get(piece))) != null) {
        throw broken("vocab has the word of a special token, %s".formatted(piece));
      }
    }
    ArrayNode merges = JSON.arrayNode();
    pieces.forEach(piece -> pairs(piece, ranks).forEach(merges::add));
    ObjectNode model = JSON.objectNode().put(TYPE, "BPE");
    model.set("dropout", JSON.nullNode());
    model.set("unk_token", JSON.nullNode());
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", true);
    model.set("vocab", vocabulary);
    return model.set("merges", merges);
  }

  /** Every two words that make this one, the pair of lowest ranks first. */
  private static List<ArrayNode> pairs(String piece, Map<String, Integer> ranks) {
    List<String[]> pairs = new ArrayList<>();
    for (int at = 1; at < piece.length(); at++) {
      String[] pair = {piece.substring(0, at), piece.substring(at)};
      if (ranks.containsKey(pair[0]) && ranks.containsKey(pair[1])) {
        pairs.add(pair);
      }
    }
    pairs.sort(
        Comparator.<String[]>comparingInt(pair -> ranks.get(pair[0]))
            .thenComparingInt(pair -> ranks.get(pair[1])));
    return pairs.stream().map(pair -> JSON.arrayNode().add(pair[0]).add(pair[1])).toList();
  }

  private CheckpointException broken(String what) {
    return new CheckpointException(
        "broken tokenizer: %s: %s: fetch the file again, or tokenizer.json".formatted(file, what));
  }
}
