package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call. */
record Arguments(List<Object> positional, Map<String, Object> named) {

  static Arguments of(Object... values) {
    return new Arguments(Arrays.asList(values), Map.of());
  }

  /** The same with one more in front. */
  Arguments with(Object first) {
    List<Object> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Arguments(all, named);
  }

  Arguments rest(int from) {
    return new Arguments(positional.subList(from, positional.size()), named);
  }

  /** An argument as it was given, markup or not. */
  Object given(int index, String name, Object otherwise) {
    return index < positional.size() ? positional.get(index) : named.getOrDefault(name, otherwise);
  }

  /**
   * Sorts the arguments by parameter.
   *
   * @param parameters names in order; one that ends with "?" may be left out
   * @throws Fault if one is missing or there are too many
   */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Fault(function + "() takes at most " + parameters.length + " arguments");
    }
    Map<String, Object> rest = new LinkedHashMap<>(named);
    Object[] values = new Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      boolean optional = parameters[i].endsWith("?");
      String name =
          optional ? parameters[i].substring(0, parameters[i].length() - 1) : parameters[i];
      if (i < positional.size()) {
        values[i] = Markup.plain(positional.get(i));
      } else if (rest.containsKey(name)) {
        values[i] = Markup.plain(rest.remove(name));
      } else if (!optional) {
        throw new Fault(function + "() misses the argument '" + name + "'");
      }
    }
    if (!rest.isEmpty()) {
      throw new Fault(
          function
              + "() got an unexpected keyword argument '"
              + rest.keySet().iterator().next()
              + "'");
    }
    return new Bound(function, values);
  }

  /** Sorts the arguments of a function that takes none by name. */
  Bound positionalOnly(String function, String... parameters) {
    if (!named.isEmpty()) {
      throw new Fault(function + "() takes no keyword arguments");
    }
    return bind(function, parameters);
  }
}
