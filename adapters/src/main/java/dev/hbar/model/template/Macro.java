package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A macro, or the body of a call block as {@code caller}. */
final class Macro implements Callable {
  private final Optional<String> name;
  private final List<String> parameters;
  private final Scopes.Specials specials;
  private final java.util.function.Function<Map<String, Object>, String> run;

  /**
   * @param run renders the body; gets parameter name to value, without those that were not given
   */
  Macro(
      Optional<String> name,
      List<String> parameters,
      Scopes.Specials specials,
      java.util.function.Function<Map<String, Object>, String> run) {
    this.name = name;
    this.parameters = parameters;
    this.specials = specials;
    this.run = run;
  }

  String printedName() {
    return name.map(Repr::quoted).orElse("anonymous");
  }

  /** An attribute, if macros have it. */
  Optional<Object> attribute(String attribute) {
    return Optional.ofNullable(
        switch (attribute) {
          case "name" -> name.isPresent() ? name.get() : None.NONE;
          case "arguments" -> Sequence.tuple(List.copyOf(parameters));
          case "catch_kwargs" -> specials.kwargs();
          case "catch_varargs" -> specials.varargs();
          case "caller" -> specials.caller();
          default -> null;
        });
  }

  @Override
  public Object call(Arguments arguments) {
    Map<String, Object> given = new LinkedHashMap<>();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    List<Object> positional = arguments.positional();
    int taken = Math.min(positional.size(), parameters.size());
    boolean foundCaller = taken == parameters.size() && parameters.contains("caller");
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      if (i < taken) {
        given.put(parameter, positional.get(i));
      } else {
        foundCaller |= parameter.equals("caller");
        if (named.containsKey(parameter)) {
          given.put(parameter, named.remove(parameter));
        }
      }
    }
    if (specials.caller() && !foundCaller) {
      Object caller = named.remove("caller");
      boolean absent = caller == null || caller == None.NONE;
      given.put("caller", absent ? new Undefined("No caller defined") : caller);
    }
    addRest(given, named, new ArrayList<>(positional.subList(taken, positional.size())));
    return run.apply(given);
  }

  private void addRest(Map<String, Object> given, Map<String, Object> named, List<Object> rest) {
    if (specials.kwargs()) {
      given.put("kwargs", Dict.of(named));
    } else if (!named.isEmpty()) {
      throw new Fault(
          "macro %s takes no keyword argument '%s'"
              .formatted(printedName(), named.keySet().iterator().next()));
    }
    if (specials.varargs()) {
      given.put("varargs", Sequence.tuple(rest));
    } else if (!rest.isEmpty()) {
      throw new Fault(
          "macro %s takes not more than %s argument(s)"
              .formatted(printedName(), parameters.size()));
    }
  }
}
