package dev.hbar.study.dataset;

import dev.hbar.model.io.Sha256;
import dev.hbar.study.StudyException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with {@code {field}} places. Only the template is searched for places: a field whose
 * text holds braces is copied as it is.
 *
 * @param text the template
 * @param sha256 of its file or text, lower-case hexadecimal
 */
record PromptTemplate(String text, String sha256) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
  private static final int ID_DIGITS = 12;

  /** A template that is built in. */
  PromptTemplate(String text) {
    this(text, Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The template in a file. Its last line end is not part of the prompt.
   *
   * @throws StudyException if it cannot be read
   */
  static PromptTemplate read(Path file) {
    byte[] bytes = RecordFile.bytes(file);
    String text = RecordFile.text(file, bytes);
    return new PromptTemplate(
        text.endsWith("\n") ? text.substring(0, text.length() - 1) : text, Sha256.hex(bytes));
  }

  /** What tells templates apart in a protocol's name. */
  String id() {
    return sha256.substring(0, ID_DIGITS);
  }

  /** Names of the fields in the order of their places. */
  List<String> fields() {
    return PLACE.matcher(text).results().map(place -> place.group(1)).toList();
  }

  /**
   * The prompt.
   *
   * @param valueOf the text of a field by its name
   */
  String fill(UnaryOperator<String> valueOf) {
    return PLACE
        .matcher(text)
        .replaceAll((MatchResult m) -> Matcher.quoteReplacement(valueOf.apply(m.group(1))));
  }

  /**
   * Where a field's text begins in the prompt that {@link #fill} makes: at its last place.
   *
   * @return -1 if the field has no place
   */
  int lastPlace(String field, UnaryOperator<String> valueOf) {
    Matcher places = PLACE.matcher(text);
    int at = -1;
    int longer = 0;
    while (places.find()) {
      String name = places.group(1);
      if (name.equals(field)) {
        at = places.start() + longer;
      }
      longer += valueOf.apply(name).length() - places.group().length();
    }
    return at;
  }
}
