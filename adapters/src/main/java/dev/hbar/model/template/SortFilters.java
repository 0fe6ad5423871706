package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters that order, group or choose by a key. */
final class SortFilters {

  /** An item and what it is ordered by. */
  private record Keyed(Object key, Object item) {}

  private SortFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("sort", SortFilters::sort);
    filters.put("dictsort", SortFilters::dictSort);
    filters.put("groupby", SortFilters::groupBy);
    filters.put("unique", SortFilters::unique);
    filters.put("min", (value, arguments) -> extreme(value, arguments, "min"));
    filters.put("max", (value, arguments) -> extreme(value, arguments, "max"));
  }

  private static List<Keyed> sorted(List<Keyed> items, boolean reverse) {
    Budget.chargeItems(items.size() * 2L);
    Comparator<Keyed> order = (a, b) -> Order.compare(a.key(), b.key());
    List<Keyed> sorted = new ArrayList<>(items);
    sorted.sort(reverse ? order.reversed() : order);
    return sorted;
  }

  private static Sequence items(List<Keyed> keyed) {
    return Sequence.list(new ArrayList<>(keyed.stream().map(Keyed::item).toList()));
  }

  private static Object sort(Object value, Arguments arguments) {
    Bound bound = arguments.bind("sort", "reverse?", "case_sensitive?", "attribute?");
    boolean cased = bound.truth(1, false);
    List<AttributePath> paths = AttributePath.several(bound.get(2, None.NONE));
    List<Keyed> keyed = new ArrayList<>();
    for (Object item : Iteration.list(value)) {
      List<Object> key = new ArrayList<>();
      paths.forEach(path -> key.add(AttributePath.cased(path.get(item), cased)));
      keyed.add(new Keyed(Sequence.list(key), item));
    }
    return items(sorted(keyed, bound.truth(0, false)));
  }

  private static Object dictSort(Object value, Arguments arguments) {
    Bound bound = arguments.bind("dictsort", "case_sensitive?", "by?", "reverse?");
    Object by = bound.get(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new Fault("You can only sort by either \"key\" or \"value\"");
    }
    Undefineds.refuse(value);
    if (!(value instanceof Dict dict)) {
      throw new Fault("dictsort() wants a dict, got " + Types.name(value));
    }
    List<Keyed> keyed = new ArrayList<>();
    for (Object key : dict.keys()) {
      Object item = dict.get(key, None.NONE);
      Object sortedBy = by.equals("key") ? key : item;
      keyed.add(
          new Keyed(
              AttributePath.cased(sortedBy, bound.truth(0, false)), Sequence.pair(key, item)));
    }
    return items(sorted(keyed, bound.truth(2, false)));
  }

  private static Object groupBy(Object value, Arguments arguments) {
    Bound bound = arguments.bind("groupby", "attribute", "default?", "case_sensitive?");
    AttributePath path = AttributePath.of(bound.get(0));
    Object otherwise = bound.get(1, None.NONE);
    boolean cased = bound.truth(2, false);
    List<Keyed> keyed = new ArrayList<>();
    for (Object item : Iteration.list(value)) {
      keyed.add(new Keyed(AttributePath.cased(path.get(item, otherwise), cased), item));
    }
    List<Object> groups = new ArrayList<>();
    List<Object> members = new ArrayList<>();
    List<Keyed> sorted = sorted(keyed, false);
    for (int i = 0; i < sorted.size(); i++) {
      members.add(sorted.get(i).item());
      if (i + 1 == sorted.size() || !Equality.same(sorted.get(i).key(), sorted.get(i + 1).key())) {
        Object grouper = cased ? sorted.get(i).key() : path.get(members.getFirst(), otherwise);
        groups.add(new Group(grouper, Sequence.list(members)));
        members = new ArrayList<>();
      }
    }
    return Sequence.list(groups);
  }

  private static Object unique(Object value, Arguments arguments) {
    Bound bound = arguments.bind("unique", "case_sensitive?", "attribute?");
    AttributePath path = AttributePath.of(bound.get(1, None.NONE));
    Set<Object> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Iteration.list(value)) {
      Budget.chargeItems(2);
      Object key = AttributePath.cased(path.get(item), bound.truth(0, false));
      if (seen.add(Equality.key(key))) {
        kept.add(item);
      }
    }
    return Stream.generator("sync_do_unique", kept.iterator());
  }

  private static Object extreme(Object value, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "case_sensitive?", "attribute?");
    AttributePath path = AttributePath.of(bound.get(1, None.NONE));
    boolean cased = bound.truth(0, false);
    Object best = new Undefined("No aggregated item, sequence was empty.");
    Object bestKey = None.NONE;
    boolean started = false;
    String operator = name.equals("min") ? "<" : ">";
    for (Object item : Iteration.list(value)) {
      Object key = AttributePath.cased(path.get(item), cased);
      if (!started || Order.compare(operator, key, bestKey)) {
        best = item;
        bestKey = key;
      }
      started = true;
    }
    return best;
  }
}
