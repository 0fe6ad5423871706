package dev.hbar.study.dataset;

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
 */
public record PromptTemplate(String text) {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

  /** Names of the fields in the order of their places. */
  public List<String> fields() {
    return PLACE.matcher(text).results().map(place -> place.group(1)).toList();
  }

  /**
   * The prompt.
   *
   * @param valueOf the text of a field by its name
   */
  public String fill(UnaryOperator<String> valueOf) {
    return PLACE
        .matcher(text)
        .replaceAll((MatchResult m) -> Matcher.quoteReplacement(valueOf.apply(m.group(1))));
  }

  /**
   * Where a field's text begins in the prompt that {@link #fill} makes: at its last place.
   *
   * @return -1 if the field has no place
   */
  public int lastPlace(String field, UnaryOperator<String> valueOf) {
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
