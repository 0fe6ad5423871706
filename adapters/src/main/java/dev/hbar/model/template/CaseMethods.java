package dev.hbar.model.template;

import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** upper, title, isdigit and their like. */
final class CaseMethods {

  private CaseMethods() {}

  static void addTo(Map<String, StringMethods.Method> methods) {
    changes(methods, "upper", CaseMethods::upper);
    changes(methods, "lower", CaseMethods::lower);
    changes(methods, "casefold", text -> lower(upper(lower(text))));
    changes(methods, "capitalize", CaseMethods::capitalize);
    changes(methods, "title", CaseMethods::title);
    changes(methods, "swapcase", CaseMethods::swapCase);
    tests(methods, "isdigit", all(CaseMethods::isDigit));
    tests(methods, "isdecimal", all(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER));
    tests(methods, "isnumeric", all(CaseMethods::isNumeric));
    tests(methods, "isalpha", all(Character::isLetter));
    tests(methods, "isalnum", all(c -> Character.isLetter(c) || isNumeric(c)));
    tests(methods, "isspace", all(Text::isSpace));
    tests(methods, "isascii", text -> text.chars().allMatch(c -> c < 0x80));
    tests(methods, "isprintable", text -> text.codePoints().allMatch(Repr::isPrintable));
    tests(methods, "isidentifier", CaseMethods::isIdentifier);
    tests(methods, "islower", CaseMethods::isLower);
    tests(methods, "isupper", CaseMethods::isUpper);
    tests(methods, "istitle", CaseMethods::isTitle);
  }

  private static void changes(
      Map<String, StringMethods.Method> methods, String name, UnaryOperator<String> change) {
    methods.put(
        name,
        (text, arguments) -> {
          arguments.positionalOnly(name);
          Budget.charge(text.length());
          return change.apply(text);
        });
  }

  private static void tests(
      Map<String, StringMethods.Method> methods, String name, Predicate<String> test) {
    methods.put(
        name,
        (text, arguments) -> {
          arguments.positionalOnly(name);
          return test.test(text);
        });
  }

  private static Predicate<String> all(IntPredicate test) {
    return text -> !text.isEmpty() && text.codePoints().allMatch(test);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.codePointAt(0)) + lower(text.substring(first));
  }

  private static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    String upper = upper(Character.toString(c));
    if (title != c || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(title);
    }
    int first = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, first) + lower(upper.substring(first));
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      out.append(inWord ? lower(Character.toString(c)) : titleCase(c));
      inWord = isCased(c);
    }
    return out.toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int c : text.codePoints().toArray()) {
      String one = Character.toString(c);
      out.append(Character.isUpperCase(c) ? lower(one) : upper(one));
    }
    return out.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  private static boolean isTitle(String text) {
    boolean inWord = false;
    boolean found = false;
    for (int c : text.codePoints().toArray()) {
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (isCased(c) && upper == inWord) {
        return false;
      }
      inWord = isCased(c);
      found |= inWord;
    }
    return found;
  }

  private static boolean isDigit(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
        || "\u00b2\u00b3\u00b9".indexOf(c) >= 0
        || c == 0x2070
        || c >= 0x2074 && c <= 0x2079
        || c >= 0x2080 && c <= 0x2089
        || c >= 0x2460 && c <= 0x2468;
  }

  private static boolean isNumeric(int c) {
    return isDigit(c)
        || Character.getType(c) == Character.LETTER_NUMBER
        || Character.getType(c) == Character.OTHER_NUMBER
        || "一二三四五六七八九十百千万零".indexOf(c) >= 0;
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && (text.codePointAt(0) == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
        && text.codePoints().allMatch(c -> c == '_' || Character.isUnicodeIdentifierPart(c));
  }
}
