package dev.hbar.model.template;

import java.util.Optional;

/** The methods of dicts that change nothing. */
final class DictMethods {

  private DictMethods() {}

  static Optional<Object> of(Dict dict, String name) {
    Callable body =
        switch (name) {
          case "items" -> arguments -> view(arguments, dict, DictView.Kind.ITEMS);
          case "keys" -> arguments -> view(arguments, dict, DictView.Kind.KEYS);
          case "values" -> arguments -> view(arguments, dict, DictView.Kind.VALUES);
          case "get" -> arguments -> get(dict, arguments);
          case "copy" -> arguments -> copy(dict, arguments);
          case "fromkeys" -> DictMethods::fromKeys;
          default -> null;
        };
    return body == null
        ? Optional.empty()
        : Optional.of(new Function("built-in method " + name + " of dict object", body));
  }

  private static Object view(Arguments arguments, Dict dict, DictView.Kind kind) {
    arguments.positionalOnly(kind.name());
    return new DictView(dict, kind);
  }

  private static Object get(Dict dict, Arguments arguments) {
    Bound bound = arguments.positionalOnly("get", "key", "default?");
    return dict.get(bound.get(0), bound.get(1, None.NONE));
  }

  private static Object copy(Dict dict, Arguments arguments) {
    arguments.positionalOnly("copy");
    Dict copy = new Dict();
    copy.putAll(dict);
    return copy;
  }

  static Object fromKeys(Arguments arguments) {
    Bound bound = arguments.positionalOnly("fromkeys", "iterable", "value?");
    Dict dict = new Dict();
    for (Object key : bound.list(0)) {
      Budget.chargeItems(4);
      dict.put(key, bound.get(1, None.NONE));
    }
    return dict;
  }
}
