package dev.hbar.model.tokenizer;

import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/**
 * The methods of Python's {@code str} and {@code dict} that chat templates call; everything else is
 * left to Jinjava.
 */
final class PythonMethods extends ELResolver {

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    Object[] given = arguments == null ? new Object[0] : arguments;
    Optional<Object> result =
        switch (base) {
          case CharSequence text -> onText(text.toString(), String.valueOf(method), given);
          case Map<?, ?> map -> onMap(map, String.valueOf(method), given);
          case null, default -> Optional.empty();
        };
    result.ifPresent(value -> context.setPropertyResolved(true));
    return result.orElse(null);
  }

  private static Optional<Object> onText(String text, String method, Object[] given) {
    Object result =
        switch (method) {
          case "strip" -> strip(text, given, true, true);
          case "lstrip" -> strip(text, given, true, false);
          case "rstrip" -> strip(text, given, false, true);
          case "startswith" -> text.startsWith(string(given, 0));
          case "endswith" -> text.endsWith(string(given, 0));
          case "upper" -> text.toUpperCase(Locale.ROOT);
          case "lower" -> text.toLowerCase(Locale.ROOT);
          case "title" -> title(text);
          case "capitalize" -> title(text.substring(0, Math.min(1, text.length()))) + rest(text);
          case "split" -> split(text, given);
          case "splitlines" -> text.lines().toList();
          case "replace" -> text.replace(string(given, 0), string(given, 1));
          case "find" -> (long) text.indexOf(string(given, 0));
          case "count" -> (long) split(text, new Object[] {string(given, 0)}).size() - 1;
          case "join" -> join(text, given);
          default -> null;
        };
    return Optional.ofNullable(result);
  }

  private static Optional<Object> onMap(Map<?, ?> map, String method, Object[] given) {
    return switch (method) {
      case "items" ->
          Optional.of(
              map.entrySet().stream()
                  .map(entry -> pair(entry.getKey(), entry.getValue()))
                  .toList());
      case "keys" -> Optional.of(List.copyOf(map.keySet()));
      case "values" -> Optional.of(Collections.unmodifiableList(new ArrayList<>(map.values())));
      case "get" -> {
        Object value = map.get(string(given, 0));
        yield Optional.ofNullable(value == null && given.length > 1 ? given[1] : value);
      }
      default -> Optional.empty();
    };
  }

  private static List<Object> pair(Object key, Object value) {
    List<Object> pair = new ArrayList<>();
    pair.add(key);
    pair.add(value);
    return pair;
  }

  /** Python strips white space, or, given an argument, any of its characters. */
  private static String strip(String text, Object[] given, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && strips(given, text.charAt(start))) {
      start++;
    }
    while (right && end > start && strips(given, text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean strips(Object[] given, char c) {
    return given.length == 0
        ? Character.isWhitespace(c) || Character.isSpaceChar(c)
        : string(given, 0).indexOf(c) >= 0;
  }

  private static List<String> split(String text, Object[] given) {
    if (given.length == 0) {
      String stripped = strip(text, given, true, true);
      return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
    }
    String separator = string(given, 0);
    int most = given.length > 1 ? Integer.parseInt(string(given, 1)) : Integer.MAX_VALUE;
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = text.indexOf(separator);
        i >= 0 && parts.size() < most;
        i = text.indexOf(separator, start)) {
      parts.add(text.substring(start, i));
      start = i + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String join(String separator, Object[] given) {
    List<String> parts = new ArrayList<>();
    if (given.length > 0 && given[0] instanceof Iterable<?> items) {
      items.forEach(item -> parts.add(String.valueOf(item)));
    }
    return String.join(separator, parts);
  }

  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (char c : text.toCharArray()) {
      titled.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return titled.toString();
  }

  private static String rest(String text) {
    return text.isEmpty() ? "" : text.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String string(Object[] given, int index) {
    return index < given.length ? String.valueOf(given[index]) : "";
  }

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    // Properties are not this resolver's business: the next one in the chain is asked.
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }
}
