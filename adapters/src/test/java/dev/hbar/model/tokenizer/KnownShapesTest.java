package dev.hbar.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files the library may be given in this process. */
class KnownShapesTest {

  private static final String MODEL = "'model':{'type':'BPE','vocab':{'A':0,'<unk>':1},'merges':[]";

  private static final int LENGTH = Integer.getInteger("hbar.text.length", 1 << 17);

  private static boolean known(String json) throws JsonProcessingException {
    return KnownShapes.of(new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  private static String split(String regex) {
    return ("{'pre_tokenizer':{'type':'Split','pattern':{'Regex':%s},'behavior':'Isolated','invert':false},"
            + MODEL
            + "}}")
        .replace('\'', '"')
        .formatted(JsonNodeFactory.instance.textNode(regex));
  }

  static List<String> patterns() {
    return KnownShapes.PATTERNS;
  }

  static Stream<TokenizerFixture> fixtures() {
    return TokenizerFixture.all().stream();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void fileOfAPublishedModel_isKnown(TokenizerFixture fixture) {
    TokenizerFile file = TokenizerFile.read(fixture.folder().resolve(Tokenizer.FILE_NAME));
    assertTrue(file.known());
    assertInstanceOf(LibraryCalls.class, TokenizerLibrary.calls(file.known()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'normalizer':{'type':'Precompiled','precompiled_charsmap':''},",
        "'normalizer':{'type':'Replace','pattern':{'Regex':' '},'content':'_'},",
        "'normalizer':{'type':'Replace','pattern':{'String':''},'content':'_'},",
        "'normalizer':{'type':'Replace','pattern':{'String':' '},'content':'_____'},",
        "'normalizer':{'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'Nmt'}]},",
        "'normalizer':{'type':'Sequence'},",
        "'pre_tokenizer':{'type':'Split','pattern':{'Regex':'h+h+$'},'behavior':'Isolated'},",
        "'pre_tokenizer':{'type':'UnicodeScripts'},",
        "'decoder':{'type':'Strip','content':'e','start':0,'stop':1},",
        "'decoder':{'type':'CTC'},",
        "'post_processor':{'type':'BertProcessing'},",
        "'decoder':{'type':'Strip','content':1e1000000000,'start':0,'stop':0},",
        "'decoder':{'type':'Strip','content':'e','start':2147483648,'stop':0},"
      })
  void componentOutsideTheList_isNotKnown(String component) throws JsonProcessingException {
    assertFalse(known("{" + component + MODEL + "}}"));
    assertInstanceOf(WorkerCalls.class, TokenizerLibrary.calls(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'continuing_subword_prefix':'##'",
        "'end_of_word_suffix':'</w>'",
        "'dropout':0.5",
        "'unk_token':'[UNK]'",
        "'type':'WordPiece'"
      })
  void modelOutsideTheList_isNotKnown(String field) throws JsonProcessingException {
    assertFalse(known("{" + MODEL + "," + field + "}}"));
    assertTrue(known("{" + MODEL + ",'continuing_subword_prefix':'','unk_token':'<unk>'}}"));
  }

  /**
   * Texts such that a pattern has the most to give back. One that takes steps by the square of the
   * length would exceed the library's ten million at a thirtieth of this length. {@code
   * -Dhbar.text.length=8388608} tries the longest text that is taken.
   */
  @ParameterizedTest
  @MethodSource("patterns")
  void knownPattern_endsOverNoText(String regex) throws JsonProcessingException {
    assertTrue(KnownShapes.of(new ObjectMapper().readTree(split(regex))));
    WorkerCalls calls = new WorkerCalls();
    long handle = calls.open(split(regex));
    for (String unit : List.of(" ", "A", "\u00aa")) {
      String text = " " + unit.repeat(LENGTH - 2) + "A";
      int[] ids = calls.encode(handle, text, true);
      assertEquals(text.chars().filter(c -> c == 'A').count(), ids.length, regex);
    }
    calls.close(handle);
  }

  @Test
  void propertyFalse_putsEveryFileIntoItsOwnProcess() {
    System.setProperty(TokenizerLibrary.INSIDE, "false");
    try {
      assertInstanceOf(WorkerCalls.class, TokenizerLibrary.calls(true));
      System.setProperty(TokenizerLibrary.INSIDE, "true");
      assertInstanceOf(LibraryCalls.class, TokenizerLibrary.calls(false));
    } finally {
      System.clearProperty(TokenizerLibrary.INSIDE);
    }
  }
}
