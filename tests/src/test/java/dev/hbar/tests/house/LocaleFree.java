package dev.hbar.tests.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Numbers in files and output never follow the locale: a whole number is written by {@code %s}, and
 * any other number through {@code String.format(Locale.ROOT, ...)}.
 */
record LocaleFree() implements Rule {
  private static final Pattern FORMAT =
      Pattern.compile("\\bString\\.format\\(\\s*+(?!Locale\\.ROOT)[^;]*");
  private static final String TEXTS = "((?:\"(?:[^\"\\\\\n]++|\\\\.)*+\"\\s*\\+?\\s*)+)";
  private static final List<Pattern> OTHERS =
      List.of(
          Pattern.compile(TEXTS + "\\.formatted\\("), Pattern.compile("\\bprintf\\(\\s*" + TEXTS));
  private static final Pattern NUMBER =
      Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?[dfeEgG]");
  private static final Pattern CASE = Pattern.compile("\\bto(Lower|Upper)Case\\(\\)");

  @Override
  public String title() {
    return "numbers and cases never follow the locale";
  }

  @Override
  public List<String> breaches(Project project) {
    List<String> breaches = new ArrayList<>();
    for (SourceFile file : project.files()) {
      if (file.isMainJava()) {
        collect(file.withoutComments(), breaches);
      }
    }
    return breaches;
  }

  private static void collect(SourceFile file, List<String> breaches) {
    for (Pattern pattern : List.of(FORMAT, CASE)) {
      pattern
          .matcher(file.text())
          .results()
          .forEach(found -> breaches.add(file.path() + ": " + found.group()));
    }
    for (Pattern other : OTHERS) {
      other
          .matcher(file.text())
          .results()
          .map(found -> found.group(1))
          .filter(texts -> NUMBER.matcher(texts).find())
          .forEach(texts -> breaches.add(file.path() + ": " + texts.strip()));
    }
  }
}
