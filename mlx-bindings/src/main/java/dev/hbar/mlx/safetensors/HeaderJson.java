package dev.hbar.mlx.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a safetensors header, token by token: a tree of 100 MB would cost a gigabyte. Checks
 * each tensor for itself; how they lie together is {@link HeaderLayout}'s.
 */
final class HeaderJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(32)
                  .maxNameLength(4096)
                  .build())
          .build();

  private final JsonParser parser;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<TensorInfo> tensors = new ArrayList<>();

  private HeaderJson(JsonParser parser) {
    this.parser = parser;
  }

  /** What the header says, tensors in its own order. */
  record Content(Map<String, String> metadata, List<TensorInfo> tensors) {}

  /**
   * Parses the whole of {@code header}.
   *
   * @throws HeaderFault naming the fault, without the file
   */
  static Content parse(byte[] header) throws HeaderFault {
    // A Reader keeps Jackson from guessing UTF-16 or UTF-32; this decoder refuses what is not
    // UTF-8.
    Reader text =
        new InputStreamReader(
            new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = JSON.createParser(text)) {
      HeaderJson json = new HeaderJson(parser);
      json.root();
      return new Content(json.metadata, json.tensors);
    } catch (JsonProcessingException e) {
      throw new HeaderFault(
          "the header is not valid JSON: " + JsonFault.of(e.getOriginalMessage()), e);
    } catch (CharacterCodingException e) {
      throw new HeaderFault("the header is not valid UTF-8", e);
    } catch (IOException e) {
      throw new HeaderFault("the header cannot be read: " + e.getMessage(), e);
    }
  }

  private void root() throws IOException, HeaderFault {
    require(parser.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(TensorRules.METADATA)) {
        metadata();
      } else {
        tensors.add(tensor(name));
        require(
            tensors.size() <= TensorRules.MAX_TENSORS,
            "the header names more than " + TensorRules.MAX_TENSORS + " tensors");
      }
    }
    require(parser.nextToken() == null, "the header has data after its JSON object");
  }

  private void metadata() throws IOException, HeaderFault {
    // MLX writes null where there is none.
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    require(
        parser.currentToken() == JsonToken.START_OBJECT, "__metadata__ is not an object or null");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      require(
          parser.nextToken() == JsonToken.VALUE_STRING,
          "the value of " + ErrorText.quoted(key) + " in __metadata__ is not a string");
      metadata.put(key, parser.getText());
    }
  }

  private TensorInfo tensor(String name) throws IOException, HeaderFault {
    var fault = TensorRules.nameFault(name);
    if (fault.isPresent()) {
      throw new HeaderFault(fault.get());
    }
    require(
        parser.currentToken() == JsonToken.START_OBJECT,
        "the entry of tensor " + ErrorText.quoted(name) + " is not an object");
    return new TensorEntryReader(parser, name).read();
  }

  private static void require(boolean holds, String fault) throws HeaderFault {
    if (!holds) {
      throw new HeaderFault(fault);
    }
  }
}
