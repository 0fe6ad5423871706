package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;
import java.math.BigInteger;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template sees. */
final class Globals {

  private Globals() {}

  static Map<String, Object> at(ZonedDateTime now) {
    Map<String, Object> globals = new HashMap<>();
    globals.put("range", new Function("function safe_range", Globals::range));
    globals.put("dict", new Function("function dict", Globals::dict));
    globals.put("namespace", new Function("class namespace", Globals::namespace));
    globals.put("cycler", new Function("class cycler", Globals::cycler));
    globals.put("joiner", new Function("class joiner", Globals::joiner));
    globals.put("lipsum", new Function("function lipsum", Globals::lipsum));
    globals.put("raise_exception", new Function("function raise_exception", Globals::raise));
    globals.put(
        "strftime_now",
        new Function(
            "function strftime_now",
            arguments -> Strftime.format(now, arguments.bind("strftime_now", "format").text(0))));
    return globals;
  }

  private static Object raise(Arguments arguments) {
    Object message = arguments.bind("raise_exception", "message").get(0);
    throw new Fault(Reason.REFUSED, Repr.str(message));
  }

  private static Object range(Arguments arguments) {
    Bound bound = arguments.positionalOnly("range", "start", "stop?", "step?");
    long first = exact(bound, 0);
    return bound.has(1)
        ? Range.of(first, exact(bound, 1), bound.has(2) ? exact(bound, 2) : 1)
        : Range.of(0, first, 1);
  }

  private static long exact(Bound bound, int index) {
    BigInteger value = bound.bigInteger(index);
    if (value.bitLength() > 50) {
      throw new Fault("range too big: the sandbox blocks ranges longer than " + Range.MAX_LENGTH);
    }
    return value.longValue();
  }

  private static Dict dict(Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw new Fault("dict expected at most 1 argument");
    }
    Dict dict = new Dict();
    arguments.positional().forEach(source -> addAll(dict, source));
    arguments.named().forEach(dict::put);
    return dict;
  }

  private static void addAll(Dict dict, Object source) {
    if (source instanceof Dict other) {
      dict.putAll(other);
      return;
    }
    Undefineds.refuse(source);
    for (Object item : Iteration.list(source)) {
      List<Object> pair = Iteration.list(item);
      if (pair.size() != 2) {
        throw new Fault("a dict needs pairs of key and value");
      }
      Budget.chargeItems(4);
      dict.put(pair.get(0), pair.get(1));
    }
  }

  private static Object namespace(Arguments arguments) {
    Dict attributes = dict(arguments);
    attributes.keys().forEach(Namespace::requireName);
    return new Namespace(attributes);
  }

  private static Object cycler(Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw new Fault("cycler() takes no keyword arguments");
    }
    return new Cycler(arguments.positional());
  }

  private static Object joiner(Arguments arguments) {
    String separator = arguments.bind("joiner", "sep?").text(0, ", ");
    boolean[] used = new boolean[1];
    return new Function(
        "joiner",
        _ -> {
          String text = used[0] ? separator : "";
          used[0] = true;
          return text;
        });
  }

  private static Object lipsum(Arguments arguments) {
    throw new Fault("lipsum is not supported: it makes up text");
  }
}
