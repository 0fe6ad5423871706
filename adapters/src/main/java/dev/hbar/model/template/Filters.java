package dev.hbar.model.template;

import java.util.HashMap;
import java.util.Map;

/** Jinja2's filters. */
final class Filters {

  @FunctionalInterface
  interface Filter {
    Object apply(Object value, Arguments arguments);
  }

  private static final Map<String, Filter> ALL = all();

  private Filters() {}

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static Object apply(String name, Object value, Arguments arguments) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw new Fault("there is no filter named '" + name + "'");
    }
    if (!(value instanceof Markup markup) || Markup.isSeenBy(name)) {
      return filter.apply(value, arguments);
    }
    Object result = filter.apply(markup.text(), arguments);
    return Markup.isKeptBy(name) ? Markup.wrap(result) : result;
  }

  private static Map<String, Filter> all() {
    Map<String, Filter> filters = new HashMap<>();
    filters.put("tojson", Json::dump);
    TextFilters.addTo(filters);
    MarkupFilters.addTo(filters);
    NumberFilters.addTo(filters);
    ListFilters.addTo(filters);
    SortFilters.addTo(filters);
    StreamFilters.addTo(filters);
    for (String missing : new String[] {"pprint", "random", "urlize", "wordwrap"}) {
      filters.put(
          missing,
          (_, _) -> {
            throw new Fault("the filter '" + missing + "' is not supported");
          });
    }
    return Map.copyOf(filters);
  }
}
