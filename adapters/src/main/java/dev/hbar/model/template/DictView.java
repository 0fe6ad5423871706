package dev.hbar.model.template;

import java.util.List;

/** What a dict's keys(), values() or items() gives. */
record DictView(Dict dict, Kind kind) {

  enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  List<Object> list() {
    return switch (kind) {
      case KEYS -> dict.keys();
      case VALUES -> dict.values();
      case ITEMS -> dict.items();
    };
  }
}
