package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dict: keeps the order of insertion, and equal keys of several types are one key. */
final class Dict {

  private record Entry(Object key, Object value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  static Dict of(Map<String, Object> values) {
    Dict dict = new Dict();
    values.forEach(dict::put);
    return dict;
  }

  void put(Object key, Object value) {
    Object hashed = Equality.key(key);
    Entry before = entries.get(hashed);
    entries.put(hashed, new Entry(before == null ? key : before.key(), value));
  }

  /** The value of a key, or {@code otherwise}. */
  Object get(Object key, Object otherwise) {
    Entry entry = entries.get(Equality.key(key));
    return entry == null ? otherwise : entry.value();
  }

  boolean has(Object key) {
    return entries.containsKey(Equality.key(key));
  }

  int size() {
    return entries.size();
  }

  List<Object> keys() {
    Budget.chargeItems(size());
    List<Object> keys = new ArrayList<>(size());
    entries.values().forEach(entry -> keys.add(entry.key()));
    return keys;
  }

  List<Object> values() {
    Budget.chargeItems(size());
    List<Object> values = new ArrayList<>(size());
    entries.values().forEach(entry -> values.add(entry.value()));
    return values;
  }

  /** Pairs of key and value, as tuples. */
  List<Object> items() {
    Budget.chargeItems(size() * 4L);
    List<Object> items = new ArrayList<>(size());
    entries.values().forEach(entry -> items.add(Sequence.pair(entry.key(), entry.value())));
    return items;
  }

  void putAll(Dict other) {
    Budget.chargeItems(other.size() * 4L);
    other.entries.values().forEach(entry -> put(entry.key(), entry.value()));
  }
}
