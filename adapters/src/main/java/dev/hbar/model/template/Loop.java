package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The variable {@code loop}: it walks the items of one for statement. */
final class Loop implements Callable {

  private final Object items;
  private final int depth;
  private final Optional<Callable> recursion;
  private Iterator<Object> iterator;
  private Optional<Object> ahead = Optional.empty();
  private Optional<Object> before = Optional.empty();
  private Optional<Object> current = Optional.empty();
  private Optional<Sequence> lastChanged = Optional.empty();
  private int index = -1;
  private int length = -1;

  Loop(Object items, int depth, Optional<Callable> recursion) {
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
    this.iterator = Iteration.iterator(items);
  }

  int depth() {
    return depth;
  }

  boolean hasNext() {
    return ahead.isPresent() || iterator.hasNext();
  }

  Object next() {
    Object next = ahead.isPresent() ? ahead.get() : iterator.next();
    ahead = Optional.empty();
    index++;
    before = current;
    current = Optional.of(next);
    return next;
  }

  int index() {
    return index + 1;
  }

  int length() {
    if (length < 0) {
      if (Iteration.hasLength(items)) {
        length = Iteration.length(items).intValue();
      } else {
        List<Object> rest = Iteration.list(new Stream(iterator, ""));
        iterator = rest.iterator();
        length = rest.size() + index + 1 + (ahead.isPresent() ? 1 : 0);
      }
    }
    return length;
  }

  private Optional<Object> peek() {
    if (ahead.isEmpty() && iterator.hasNext()) {
      ahead = Optional.of(iterator.next());
    }
    return ahead;
  }

  /** An attribute, if the loop has it. */
  Optional<Object> attribute(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "index" -> BigInteger.valueOf(index + 1L);
          case "index0" -> BigInteger.valueOf(index);
          case "revindex" -> BigInteger.valueOf((long) length() - index);
          case "revindex0" -> BigInteger.valueOf((long) length() - index - 1);
          case "length" -> BigInteger.valueOf(length());
          case "depth" -> BigInteger.valueOf(depth + 1L);
          case "depth0" -> BigInteger.valueOf(depth);
          case "first" -> index == 0;
          case "last" -> peek().isEmpty();
          default -> neighbour(name);
        });
  }

  private Object neighbour(String name) {
    return switch (name) {
      case "previtem" ->
          index == 0 ? new Undefined("there is no previous item") : before.orElse(None.NONE);
      case "nextitem" -> peek().orElse(new Undefined("there is no next item"));
      case "cycle" -> new Function("loop.cycle", this::cycle);
      case "changed" -> new Function("loop.changed", this::changed);
      default -> null;
    };
  }

  private Object cycle(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new Fault("no items for cycling given");
    }
    return arguments.positional().get(Math.floorMod(index, arguments.positional().size()));
  }

  private Object changed(Arguments arguments) {
    Sequence value = Sequence.tuple(arguments.positional());
    boolean changed = lastChanged.isEmpty() || !Equality.equal(lastChanged.get(), value);
    lastChanged = Optional.of(value);
    return changed;
  }

  /** Walking the loop itself gives pairs of item and loop. */
  Iterator<Object> pairs() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return Loop.this.hasNext();
      }

      @Override
      public Object next() {
        return Sequence.pair(Loop.this.next(), Loop.this);
      }
    };
  }

  @Override
  public Object call(Arguments arguments) {
    Callable again =
        recursion.orElseThrow(
            () -> new Fault("the loop must have the 'recursive' marker to be called recursively"));
    return again.call(arguments);
  }
}
