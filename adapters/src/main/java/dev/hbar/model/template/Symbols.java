package dev.hbar.model.template;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of one frame and what each holds when the frame is entered, found before the template
 * runs as Jinja2's idtracking does.
 */
final class Symbols {

  /** How a name gets its first value. */
  enum Load {
    PARAMETER,
    /** From the context. */
    RESOLVE,
    /** From the frame around. */
    ALIAS,
    UNDEFINED
  }

  private final Optional<Symbols> parent;
  private final Map<String, Load> loads;
  private final Set<String> stores;

  private Symbols(Optional<Symbols> parent, Map<String, Load> loads, Set<String> stores) {
    this.parent = parent;
    this.loads = loads;
    this.stores = stores;
  }

  static Symbols root() {
    return new Symbols(Optional.empty(), new LinkedHashMap<>(), new HashSet<>());
  }

  Symbols inner() {
    return new Symbols(Optional.of(this), new LinkedHashMap<>(), new HashSet<>());
  }

  Symbols copy() {
    return new Symbols(parent, new LinkedHashMap<>(loads), new HashSet<>(stores));
  }

  Map<String, Load> loads() {
    return loads;
  }

  boolean knows(String name) {
    return loads.containsKey(name);
  }

  private boolean finds(String name) {
    return knows(name) || outerFinds(name);
  }

  private boolean outerFinds(String name) {
    return parent.isPresent() && parent.get().finds(name);
  }

  void store(String name) {
    stores.add(name);
    if (!knows(name)) {
      loads.put(name, outerFinds(name) ? Load.ALIAS : Load.UNDEFINED);
    }
  }

  void parameter(String name) {
    stores.add(name);
    loads.put(name, Load.PARAMETER);
  }

  void load(String name) {
    if (!finds(name)) {
      loads.put(name, Load.RESOLVE);
    }
  }

  /** Joins what the branches of a condition store. */
  void join(List<Symbols> branches) {
    Set<String> stored = new HashSet<>();
    branches.stream().map(branch -> branch.stores).forEach(stored::addAll);
    stored.removeAll(stores);
    for (Symbols branch : branches) {
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    stored.forEach(name -> loads.put(name, outerFinds(name) ? Load.ALIAS : Load.RESOLVE));
  }

  void parameters(Collection<String> names) {
    names.forEach(this::parameter);
  }
}
