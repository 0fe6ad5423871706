package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pieces of a BPE model of SentencePiece with bytes, as another file holds them.
 *
 * @param texts by id
 * @param scores of the pieces; the highest is merged first
 * @param kinds SentencePiece's numbers: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6
 *     byte
 * @param special ids of {@code unk}, {@code bos} and {@code eos}, as far as there are
 * @param spacePrefix whether a text begins with a space of its own
 * @param addsBegin whether {@code bos} is put first
 * @param addsEnd whether {@code eos} is put last
 */
public record PieceVocabulary(
    List<String> texts,
    List<Double> scores,
    List<Integer> kinds,
    Map<String, Integer> special,
    boolean spacePrefix,
    boolean addsBegin,
    boolean addsEnd) {

  /** Copies the lists. */
  public PieceVocabulary {
    texts = List.copyOf(texts);
    scores = List.copyOf(scores);
    kinds = List.copyOf(kinds);
    special = Map.copyOf(special);
  }

  /** The fields of the tokenizer.json that means the same. */
  public Map<String, Object> tokenizerJson() {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("legacy", true).put("add_bos_token", addsBegin).put("add_eos_token", addsEnd);
    return Json.MAPPER.convertValue(
        SentencePieceFile.of(model(), config),
        new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  private SentencePieceModel model() {
    List<SentencePieceModel.Piece> pieces = new ArrayList<>();
    for (int id = 0; id < texts.size(); id++) {
      pieces.add(
          new SentencePieceModel.Piece(
              texts.get(id),
              scores.get(id).floatValue(),
              SentencePieceModel.Kind.values()[kinds.get(id) - 1]));
    }
    return SentencePieceModel.pairs(pieces, special, spacePrefix);
  }
}
