package dev.hbar.model.grammar;

import java.util.Map;

/** Formats of texts that JSON Schema names; others are annotations. */
final class TextFormats {
  private static final Rule DATE =
      Rule.sequence(
          digits(4),
          Rule.text("-"),
          Rule.choice(
              Rule.sequence(Rule.text("0"), Rule.range('1', '9')),
              Rule.sequence(Rule.text("1"), Rule.range('0', '2'))),
          Rule.text("-"),
          // The days that every month has.
          Rule.choice(
              Rule.sequence(Rule.text("0"), Rule.range('1', '9')),
              Rule.sequence(Rule.text("1"), JsonRules.DIGIT),
              Rule.sequence(Rule.text("2"), Rule.range('0', '8'))));

  private static final Rule SIXTY = Rule.sequence(Rule.range('0', '5'), JsonRules.DIGIT);

  private static final Rule HOUR =
      Rule.choice(
          Rule.sequence(Rule.oneOf("01"), JsonRules.DIGIT),
          Rule.sequence(Rule.text("2"), Rule.range('0', '3')));

  private static final Rule TIME =
      Rule.sequence(
          HOUR,
          Rule.text(":"),
          SIXTY,
          Rule.text(":"),
          SIXTY,
          Rule.choice(
              Rule.text("Z"), Rule.sequence(Rule.oneOf("+-"), HOUR, Rule.text(":"), SIXTY)));

  private static final Rule UUID =
      Rule.sequence(
          hex(8),
          Rule.text("-"),
          hex(4),
          Rule.text("-"),
          hex(4),
          Rule.text("-"),
          hex(4),
          Rule.text("-"),
          hex(12));

  /** By their names. */
  static final Map<String, Rule> KNOWN =
      Map.of(
          "date", DATE,
          "time", TIME,
          "date-time", Rule.sequence(DATE, Rule.text("T"), TIME),
          "uuid", UUID);

  private TextFormats() {}

  private static Rule digits(int count) {
    return Rule.repeat(JsonRules.DIGIT, count, count);
  }

  private static Rule hex(int count) {
    return Rule.repeat(JsonRules.HEX, count, count);
  }
}
