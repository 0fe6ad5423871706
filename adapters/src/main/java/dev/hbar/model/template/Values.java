package dev.hbar.model.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plain Java and JSON values as a template's. */
final class Values {

  private Values() {}

  static Object of(Object value) {
    return switch (value) {
      case null -> None.NONE;
      case JsonNode node -> of(node);
      case String text -> text;
      case Boolean flag -> flag;
      case Double real -> real;
      case Float real -> real.doubleValue();
      case BigInteger number -> number;
      case BigDecimal real -> real.doubleValue();
      case Number number -> BigInteger.valueOf(number.longValue());
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        Budget.enter();
        list.forEach(item -> items.add(of(item)));
        Budget.leave();
        yield Sequence.list(items);
      }
      case Map<?, ?> map -> {
        Dict dict = new Dict();
        Budget.enter();
        map.forEach((key, item) -> dict.put(of(key), of(item)));
        Budget.leave();
        yield dict;
      }
      default -> throw new IllegalArgumentException("a template cannot hold " + value.getClass());
    };
  }

  private static Object of(JsonNode node) {
    if (node.isTextual()) {
      return node.asText();
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? node.bigIntegerValue() : (Object) node.doubleValue();
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>(node.size());
      Budget.enter();
      node.forEach(item -> items.add(of(item)));
      Budget.leave();
      return Sequence.list(items);
    }
    if (node.isObject()) {
      Dict dict = new Dict();
      Budget.enter();
      node.properties().forEach(field -> dict.put(field.getKey(), of(field.getValue())));
      Budget.leave();
      return dict;
    }
    return None.NONE;
  }
}
