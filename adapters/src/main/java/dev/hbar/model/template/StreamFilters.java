package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that give a stream: map, select and their like, batch and slice. */
final class StreamFilters {

  private StreamFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("map", StreamFilters::map);
    filters.put("select", (value, arguments) -> select(value, arguments, true, false));
    filters.put("reject", (value, arguments) -> select(value, arguments, false, false));
    filters.put("selectattr", (value, arguments) -> select(value, arguments, true, true));
    filters.put("rejectattr", (value, arguments) -> select(value, arguments, false, true));
    filters.put("batch", StreamFilters::batch);
    filters.put("slice", StreamFilters::slice);
  }

  private static Object map(Object value, Arguments arguments) {
    if (!Truth.of(value)) {
      return Stream.generator("sync_do_map", Collections.emptyIterator());
    }
    UnaryOperator<Object> mapping = mapping(arguments);
    Iterator<Object> items = Iteration.iterator(value);
    return Stream.generator(
        "sync_do_map",
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public Object next() {
            Budget.step();
            return mapping.apply(items.next());
          }
        });
  }

  private static UnaryOperator<Object> mapping(Arguments arguments) {
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      AttributePath path = AttributePath.of(named.remove("attribute"));
      Object given = named.remove("default");
      Object otherwise = given == null ? None.NONE : given;
      if (!named.isEmpty()) {
        throw new Fault(
            "map() got an unexpected keyword argument '" + named.keySet().iterator().next() + "'");
      }
      return item -> path.get(item, otherwise);
    }
    if (arguments.positional().isEmpty()) {
      throw new Fault("map requires a filter argument");
    }
    String name = Repr.str(arguments.positional().getFirst());
    Arguments rest = arguments.rest(1);
    return item -> Filters.apply(name, item, rest);
  }

  private static Object select(
      Object value, Arguments arguments, boolean wanted, boolean byAttribute) {
    if (!Truth.of(value)) {
      return Stream.generator("select_or_reject", Collections.emptyIterator());
    }
    Predicate<Object> test = test(arguments, byAttribute);
    Iterator<Object> items = Iteration.iterator(value);
    return Stream.generator(
        "select_or_reject", new Selection(items, item -> test.test(item) == wanted));
  }

  private static Predicate<Object> test(Arguments arguments, boolean byAttribute) {
    List<Object> positional = arguments.positional();
    if (byAttribute && positional.isEmpty()) {
      throw new Fault("Missing parameter for attribute name");
    }
    AttributePath path = AttributePath.of(byAttribute ? positional.getFirst() : None.NONE);
    int first = byAttribute ? 1 : 0;
    if (positional.size() == first) {
      return item -> Truth.of(path.get(item));
    }
    String name = Repr.str(positional.get(first));
    Arguments rest = arguments.rest(first + 1);
    return item -> Truth.of(Tests.apply(name, path.get(item), rest));
  }

  private static final class Selection implements Iterator<Object> {
    private final Iterator<Object> items;
    private final Predicate<Object> chosen;
    private Object ahead;

    Selection(Iterator<Object> items, Predicate<Object> chosen) {
      this.items = items;
      this.chosen = chosen;
    }

    @Override
    public boolean hasNext() {
      while (ahead == null && items.hasNext()) {
        Budget.step();
        Object item = items.next();
        ahead = chosen.test(item) ? item : null;
      }
      return ahead != null;
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object item = ahead;
      ahead = null;
      return item;
    }
  }

  private static Object batch(Object value, Arguments arguments) {
    Bound bound = arguments.bind("batch", "linecount", "fill_with?");
    BigInteger count = bound.bigInteger(0);
    List<Object> batches = new ArrayList<>();
    List<Object> batch = new ArrayList<>();
    for (Object item : Iteration.list(value)) {
      Budget.chargeItems(2);
      if (count.equals(BigInteger.valueOf(batch.size()))) {
        batches.add(Sequence.list(batch));
        batch = new ArrayList<>();
      }
      batch.add(item);
    }
    if (!batch.isEmpty()) {
      long missing = bound.isNone(1) ? 0 : Numbers.clamp(count) - (long) batch.size();
      Budget.chargeItems(Math.max(0, missing));
      for (long i = 0; i < missing; i++) {
        batch.add(bound.get(1));
      }
      batches.add(Sequence.list(batch));
    }
    return Stream.generator("do_batch", batches.iterator());
  }

  private static Object slice(Object value, Arguments arguments) {
    Bound bound = arguments.bind("slice", "slices", "fill_with?");
    List<Object> items = Iteration.list(value);
    int slices = bound.integer(0);
    if (slices == 0) {
      throw new Fault("integer division or modulo by zero");
    }
    Budget.chargeItems((long) items.size() + Math.max(0, slices) * 4L);
    int size = Math.floorDiv(items.size(), slices);
    int extra = Math.floorMod(items.size(), slices);
    List<Object> parts = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < slices; i++) {
      int end = at + size + (i < extra ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(at, end));
      if (!bound.isNone(1) && i >= extra) {
        part.add(bound.get(1));
      }
      parts.add(Sequence.list(part));
      at = end;
    }
    return Stream.generator("sync_do_slice", parts.iterator());
  }
}
