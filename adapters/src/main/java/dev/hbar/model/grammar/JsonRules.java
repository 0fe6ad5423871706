package dev.hbar.model.grammar;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of JSON. White space between its signs is at most a line end and some spaces, digits
 * and exponents are at most as long as a double needs: a text under these rules comes to an end.
 */
final class JsonRules {
  private static final int INDENT = 24;
  private static final int DIGITS = 17;

  static final Rule DIGIT = Rule.range('0', '9');
  static final Rule HEX = Rule.oneOf("0123456789abcdefABCDEF");

  /** A character of more than one byte, in UTF-8 without surrogates and overlong forms. */
  static final Rule WIDE = wide();

  private static final Rule SPACE =
      Rule.choice(
          Rule.EMPTY,
          Rule.text(" "),
          Rule.sequence(Rule.text("\n"), Rule.repeat(Rule.text(" "), 0, INDENT)));

  private static final Rule CHARACTER = character();

  private final Rule.Named value = new Rule.Named();
  private final Rule object = objectOf(value);

  /** A member of an object whose names are known. */
  record Member(String name, Rule value, boolean required) {}

  JsonRules() {
    Rule array = array(value, 0, Rule.Repeat.UNBOUNDED);
    value.set(
        Rule.choice(
            object,
            array,
            string(0, Rule.Repeat.UNBOUNDED),
            number(),
            Rule.text("true"),
            Rule.text("false"),
            Rule.text("null")));
  }

  private static Rule wide() {
    Rule next = Rule.range(0x80, 0xBF);
    return Rule.choice(
        Rule.sequence(Rule.range(0xC2, 0xDF), next),
        Rule.sequence(Rule.range(0xE0, 0xE0), Rule.range(0xA0, 0xBF), next),
        Rule.sequence(Rule.range(0xE1, 0xEC), next, next),
        Rule.sequence(Rule.range(0xED, 0xED), Rule.range(0x80, 0x9F), next),
        Rule.sequence(Rule.range(0xEE, 0xEF), next, next),
        Rule.sequence(Rule.range(0xF0, 0xF0), Rule.range(0x90, 0xBF), next, next),
        Rule.sequence(Rule.range(0xF1, 0xF3), next, next, next),
        Rule.sequence(Rule.range(0xF4, 0xF4), Rule.range(0x80, 0x8F), next, next));
  }

  /** A character of a text, a half of a surrogate pair excepted. */
  private static Rule character() {
    Rule high =
        Rule.choice(
            Rule.sequence(Rule.oneOf("0123456789abcefABCEF"), HEX),
            Rule.sequence(Rule.oneOf("dD"), Rule.range('0', '7')));
    return Rule.choice(
        Rule.asciiExcept("\"\\"),
        WIDE,
        Rule.sequence(Rule.text("\\"), Rule.oneOf("\"\\/bfnrt")),
        Rule.sequence(Rule.text("\\u"), high, HEX, HEX));
  }

  /** Any value. */
  Rule value() {
    return value;
  }

  /** Any object. */
  Rule object() {
    return object;
  }

  /** Any number. */
  Rule number() {
    Rule fraction = Rule.sequence(Rule.text("."), Rule.repeat(DIGIT, 1, DIGITS));
    Rule exponent =
        Rule.sequence(Rule.oneOf("eE"), Rule.optional(Rule.oneOf("+-")), Rule.repeat(DIGIT, 1, 2));
    return Rule.sequence(integer(), Rule.optional(fraction), Rule.optional(exponent));
  }

  /** Any whole number. */
  Rule integer() {
    Rule digits = Rule.sequence(Rule.range('1', '9'), Rule.repeat(DIGIT, 0, DIGITS));
    return Rule.sequence(Rule.optional(Rule.text("-")), Rule.choice(Rule.text("0"), digits));
  }

  /** A text of so many characters. */
  Rule string(int least, int most) {
    return quoted(Rule.repeat(CHARACTER, least, most));
  }

  /** What stands between quotes. */
  static Rule quoted(Rule inner) {
    return Rule.sequence(Rule.text("\""), inner, Rule.text("\""));
  }

  /** This text as a value. */
  Rule literal(String text) {
    return Rule.text(TextNode.valueOf(text).toString());
  }

  /** Values of one kind, so many. */
  Rule array(Rule item, int least, int most) {
    Rule rest = Rule.repeat(Rule.sequence(comma(), item), Math.max(0, least - 1), less(most));
    Rule some = Rule.sequence(item, rest);
    Rule inner = most == 0 ? Rule.EMPTY : least > 0 ? some : Rule.optional(some);
    return enclosed("[", inner, "]");
  }

  private static int less(int most) {
    return most == Rule.Repeat.UNBOUNDED ? most : Math.max(0, most - 1);
  }

  /** Values of kinds of their own, in this order. */
  Rule tuple(List<Rule> items) {
    List<Rule> parts = new ArrayList<>();
    for (Rule item : items) {
      if (!parts.isEmpty()) {
        parts.add(comma());
      }
      parts.add(item);
    }
    return enclosed("[", Rule.sequence(parts), "]");
  }

  /** Members of any name, their values of one kind. */
  Rule objectOf(Rule each) {
    Rule member = Rule.sequence(string(0, Rule.Repeat.UNBOUNDED), colon(), each);
    Rule more = Rule.repeat(Rule.sequence(comma(), member), 0, Rule.Repeat.UNBOUNDED);
    return enclosed("{", Rule.optional(Rule.sequence(member, more)), "}");
  }

  /** These members in this order; those that are not required may be left out. */
  Rule object(List<Member> members) {
    // What may follow when nothing was written yet, and when something was, from the last on.
    Rule first = Rule.EMPTY;
    Rule further = Rule.EMPTY;
    for (Member member : members.reversed()) {
      Rule written = Rule.sequence(literal(member.name()), colon(), member.value(), further);
      Rule behind = Rule.sequence(comma(), written);
      first = member.required() ? written : Rule.choice(written, first);
      further = member.required() ? behind : Rule.choice(behind, further);
    }
    return enclosed("{", first, "}");
  }

  private static Rule enclosed(String open, Rule inner, String close) {
    return Rule.sequence(Rule.text(open), SPACE, inner, SPACE, Rule.text(close));
  }

  private static Rule comma() {
    return Rule.sequence(Rule.text(","), SPACE);
  }

  private static Rule colon() {
    return Rule.sequence(Rule.text(":"), Rule.optional(Rule.text(" ")));
  }
}
