package dev.hbar.model.template;

import java.math.BigInteger;

/** Python's names of the types. */
final class Types {

  private Types() {}

  static String name(Object value) {
    return switch (value) {
      case None _ -> "NoneType";
      case Boolean _ -> "bool";
      case BigInteger _ -> "int";
      case Double _ -> "float";
      case String _ -> "str";
      case Markup _ -> "Markup";
      case Sequence sequence -> sequence.tuple() ? "tuple" : "list";
      case Dict _ -> "dict";
      case Range _ -> "range";
      case Namespace _ -> "Namespace";
      case Undefined _ -> "Undefined";
      case Stream _ -> "generator";
      case DictView view -> "dict_" + view.kind().name().toLowerCase(java.util.Locale.ROOT);
      case Callable _ -> "function";
      default -> "object";
    };
  }
}
