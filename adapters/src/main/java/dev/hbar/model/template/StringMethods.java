package dev.hbar.model.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods of strings. */
final class StringMethods {

  @FunctionalInterface
  interface Method {
    Object call(String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS = methods();

  private StringMethods() {}

  static Optional<Object> of(String text, String name) {
    Method method = METHODS.get(name);
    return method == null
        ? Optional.empty()
        : Optional.of(
            new Function(
                "built-in method " + name + " of str object",
                arguments -> method.call(text, arguments)));
  }

  /** A method that templates only ask for: whether there is one tells a text from a list. */
  private static Object refuse(String name) {
    throw new Fault("the method '" + name + "' is not supported");
  }

  private static Map<String, Method> methods() {
    Map<String, Method> methods = new HashMap<>();
    methods.put("format", BraceFormat::format);
    methods.put("format_map", BraceFormat::formatMap);
    for (String bytes : List.of("encode", "maketrans")) {
      methods.put(bytes, (_, _) -> refuse(bytes));
    }
    SearchMethods.addTo(methods);
    CutMethods.addTo(methods);
    CaseMethods.addTo(methods);
    LayoutMethods.addTo(methods);
    return Map.copyOf(methods);
  }
}
