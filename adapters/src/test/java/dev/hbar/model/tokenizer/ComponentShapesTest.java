package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refused shape ended the process when it was handed to the native library. */
class ComponentShapesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "normalizer; {'type':'Replace','pattern':{'Regex':''},'content':'x'}; empty text",
        "normalizer; {'type':'Replace','pattern':{'Regex':'a*'},'content':'x'}; empty text",
        "normalizer; {'type':'Replace','pattern':{'Regex':'^'},'content':'x'}; empty text",
        "normalizer; {'type':'Replace','pattern':{'String':''},'content':'x'}; empty text",
        "normalizer; {'type':'Replace','pattern':{'Regex':'(a+)+$'},'content':'x'}; without bound",
        "normalizer; {'type':'Prepend','prepend':''}; prepend is empty",
        "normalizer; {'type':'Precompiled','precompiled_charsmap':''}; is damaged",
        "normalizer; {'type':'Precompiled','precompiled_charsmap':null}; is damaged",
        "normalizer; {'type':'Precompiled','precompiled_charsmap':'%%'}; is not base64",
        "normalizer; {'type':'Precompiled','precompiled_charsmap':'BAAAAAD8/39hAA=='}; is damaged",
        "normalizer; {'type':'Precompiled','precompiled_charsmap':'AAAAQHh4eHg='}; is damaged",
        "normalizer; {'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'Prepend','prepend':''}]}; normalizers[1]",
        "normalizer; {'pattern':{'Regex':''},'content':'x'}; is not known",
        "pre_tokenizer; {'type':'Split','pattern':{'Regex':'(a|aa)+$'},'behavior':'Isolated','invert':false}; without bound",
        "decoder; {'type':'Strip','content':' ','start':0,'stop':5}; stop is not 0",
        "decoder; {'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Strip','content':' ','start':5,'stop':1}]}; decoders[1]: stop",
        "post_processor; {'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}}],'pair':[],'special_tokens':{}}; not among special_tokens",
        "post_processor; {'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],'pair':[],'special_tokens':{}}; second text",
        "post_processor; {'type':'Nope'}; is not known"
      })
  void shapeThatEndsTheProcess_isRefusedByName(String field, String component, String fault)
      throws IOException {
    ObjectNode file = tokenizer();
    file.set(field, JSON.readTree(component.replace('\'', '"')));
    String message = refusal(file);
    assertTrue(message.contains(field) && message.contains(fault), message);
    assertTrue(message.contains(folder.resolve("tokenizer.json").toString()), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void textThatWouldGrowWithoutMeasure_isRefused() throws IOException {
    ObjectNode file = tokenizer();
    var steps = file.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    for (int i = 0; i < 7; i++) {
      ObjectNode step = steps.addObject().put("type", "Replace").put("content", "aaaaaaaaaa");
      step.putObject("pattern").put("String", "a");
    }
    assertTrue(refusal(file).contains("256 times"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"####", "é", "o"})
  void prefixThatAMergePieceLacks_isRefused(String prefix) throws IOException {
    ObjectNode file = tokenizer();
    ObjectNode model = (ObjectNode) file.get("model");
    model.put("continuing_subword_prefix", prefix);
    model.putArray("merges").add("h e");
    assertTrue(refusal(file).contains("model.merges"));
  }

  @Test
  void fieldThatStandsTwice_isRefused() throws IOException {
    String text = tokenizer().toString();
    String twice =
        text.substring(0, text.length() - 1) + ",\"normalizer\":null,\"normalizer\":null}";
    Files.writeString(folder.resolve("tokenizer.json"), twice);
    assertThrows(CheckpointException.class, () -> Tokenizer.open(folder));
  }

  @Test
  void soundTableOfReplacements_isUsedByTheLibrary() throws IOException {
    assertEquals("bhbh", throughTable(table(0, "h\0b\0")));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 1 << 20})
  void replacementOutsideTheTable_isRefused(int at) throws IOException {
    ObjectNode file = tokenizer();
    normalizer(file, table(at, "h\0b\0"));
    assertTrue(refusal(file).contains("is damaged"));
  }

  @Test
  void replacementInTheMiddleOfACharacter_isRefused() throws IOException {
    ObjectNode file = tokenizer();
    normalizer(file, table(1, "é\0"));
    assertTrue(refusal(file).contains("is damaged"));
  }

  private String throughTable(byte[] table) throws IOException {
    ObjectNode file = tokenizer();
    normalizer(file, table);
    Files.writeString(folder.resolve("tokenizer.json"), file.toString());
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      StringBuilder pieces = new StringBuilder();
      for (int id : tokenizer.encode("bAbA")) {
        pieces.append(tokenizer.piece(id).orElseThrow());
      }
      return pieces.toString();
    }
  }

  private static void normalizer(ObjectNode file, byte[] table) {
    file.putObject("normalizer")
        .put("type", "Precompiled")
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(table));
  }

  /** A trie with the one key "A": root at 0, its children from 256, the value of "A" at 512. */
  private static byte[] table(int value, String replacements) {
    byte[] text = replacements.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * 768 + text.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(4 * 768).put(4 + 4 * 768, text);
    bytes.putInt(4, 256 << 10);
    bytes.putInt(4 + 4 * (256 ^ 'A'), (256 ^ 'A' ^ 512) << 10 | 1 << 8 | 'A');
    return bytes.putInt(4 + 4 * 512, value | 1 << 31).array();
  }

  private String refusal(ObjectNode file) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), file.toString());
    return assertThrows(CheckpointException.class, () -> Tokenizer.open(folder)).getMessage();
  }

  private static ObjectNode tokenizer() throws IOException {
    return (ObjectNode)
        JSON.readTree(
            """
            {"model": {"type": "BPE", "vocab": {"h": 0, "e": 1, "he": 2, "b": 3}, "merges": ["h e"]}}
            """);
  }
}
