package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters that look into lists and dicts. */
final class ListFilters {

  private ListFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("length", ListFilters::length);
    filters.put("count", ListFilters::length);
    filters.put("first", ListFilters::first);
    filters.put("last", ListFilters::last);
    filters.put("list", ListFilters::list);
    filters.put("join", ListFilters::join);
    filters.put("reverse", ListFilters::reverse);
    filters.put("sum", ListFilters::sum);
    filters.put("default", ListFilters::otherwise);
    filters.put("d", ListFilters::otherwise);
    filters.put("attr", ListFilters::attribute);
    filters.put("items", ListFilters::items);
  }

  private static Object length(Object value, Arguments arguments) {
    arguments.bind("length");
    return Iteration.length(value);
  }

  private static Object first(Object value, Arguments arguments) {
    arguments.bind("first");
    Iterator<Object> items = Iteration.iterator(value);
    return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
  }

  private static Object last(Object value, Arguments arguments) {
    arguments.bind("last");
    if (value instanceof Stream || value instanceof Loop) {
      throw new Fault("'" + Types.name(value) + "' object is not reversible");
    }
    List<Object> items = Iteration.list(value);
    return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
  }

  private static Object list(Object value, Arguments arguments) {
    arguments.bind("list");
    List<Object> items = Iteration.list(value);
    Budget.chargeItems(items.size());
    return Sequence.list(new ArrayList<>(items));
  }

  private static Object join(Object value, Arguments arguments) {
    Bound bound = arguments.bind("join", "d?", "attribute?");
    String separator = Repr.str(bound.get(0, ""));
    AttributePath path = AttributePath.of(bound.get(1, None.NONE));
    StringBuilder out = new StringBuilder();
    boolean started = false;
    for (Object item : Iteration.list(value)) {
      String part = Repr.str(path.get(item));
      Budget.charge((long) part.length() + separator.length());
      out.append(started ? separator : "").append(part);
      started = true;
    }
    return out.toString();
  }

  private static Object reverse(Object value, Arguments arguments) {
    arguments.bind("reverse");
    if (value instanceof String text) {
      Budget.charge(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> items = new ArrayList<>(Iteration.list(value));
    Budget.chargeItems(items.size());
    Collections.reverse(items);
    return value instanceof Stream
        ? Sequence.list(items)
        : new Stream(items.iterator(), "list_reverseiterator object");
  }

  private static Object sum(Object value, Arguments arguments) {
    Bound bound = arguments.bind("sum", "attribute?", "start?");
    AttributePath path = AttributePath.of(bound.get(0, None.NONE));
    Object sum = bound.get(1, BigInteger.ZERO);
    if (sum instanceof String) {
      throw new Fault("sum() can't sum strings");
    }
    for (Object item : Iteration.list(value)) {
      sum = Arithmetic.apply("+", sum, path.get(item));
    }
    return sum;
  }

  private static Object otherwise(Object value, Arguments arguments) {
    Bound bound = arguments.bind("default", "default_value?", "boolean?");
    boolean absent = value instanceof Undefined || bound.truth(1, false) && !Truth.of(value);
    return absent ? bound.get(0, "") : value;
  }

  private static Object attribute(Object value, Arguments arguments) {
    String name = arguments.bind("attr", "name").text(0);
    return Attributes.of(value, name).orElseGet(() -> Undefined.attribute(value, name));
  }

  private static Object items(Object value, Arguments arguments) {
    arguments.bind("items");
    if (value instanceof Undefined) {
      return Stream.generator("do_items", Collections.emptyIterator());
    }
    if (!(value instanceof Dict dict)) {
      throw new Fault("Can only get item pairs from a mapping.");
    }
    return Stream.generator("do_items", dict.items().iterator());
  }
}
