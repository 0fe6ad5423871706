package dev.hbar.model.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a text of bytes may look like. Rules are compared by identity; they may refer to themselves.
 */
sealed interface Rule {
  /** One byte of a set. */
  final class Byte implements Rule {
    private final boolean[] members;

    private Byte(boolean[] members) {
      this.members = members;
    }

    boolean has(int value) {
      return members[value];
    }
  }

  /** One after another. */
  final class Sequence implements Rule {
    final List<Rule> parts;

    private Sequence(List<Rule> parts) {
      this.parts = parts;
    }
  }

  /** One of several. */
  final class Choice implements Rule {
    final List<Rule> options;

    private Choice(List<Rule> options) {
      this.options = options;
    }
  }

  /** The same rule several times; the rest after one time is made once. */
  final class Repeat implements Rule {
    /** No upper bound. */
    static final int UNBOUNDED = -1;

    final Rule rule;
    final int least;
    final int most;
    private Repeat rest;

    private Repeat(Rule rule, int least, int most) {
      this.rule = rule;
      this.least = least;
      this.most = most;
    }

    /** What may follow one more time. */
    Repeat rest() {
      if (rest == null) {
        rest =
            least == 0 && most == UNBOUNDED
                ? this
                : new Repeat(rule, Math.max(0, least - 1), most == UNBOUNDED ? most : most - 1);
      }
      return rest;
    }
  }

  /** A rule that is known later, as one that contains itself. */
  final class Named implements Rule {
    private Rule target;

    void set(Rule rule) {
      target = rule;
    }

    Rule target() {
      return target;
    }
  }

  /** The empty text. */
  Rule EMPTY = new Sequence(List.of());

  /** One byte from {@code first} to {@code last}. */
  static Rule range(int first, int last) {
    boolean[] members = new boolean[256];
    Arrays.fill(members, first, last + 1, true);
    return new Byte(members);
  }

  /** One of these ASCII characters. */
  static Rule oneOf(String characters) {
    boolean[] members = new boolean[256];
    characters.chars().forEach(c -> members[c] = true);
    return new Byte(members);
  }

  /** ASCII without control characters and without these. */
  static Rule asciiExcept(String characters) {
    boolean[] members = new boolean[256];
    Arrays.fill(members, 0x20, 0x7F, true);
    characters.chars().forEach(c -> members[c] = false);
    return new Byte(members);
  }

  /** A text as it stands. */
  static Rule text(String text) {
    List<Rule> bytes = new ArrayList<>();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(range(value & 0xFF, value & 0xFF));
    }
    return new Sequence(bytes);
  }

  /** One after another. */
  static Rule sequence(Rule... parts) {
    return new Sequence(List.of(parts));
  }

  /** One after another. */
  static Rule sequence(List<Rule> parts) {
    return new Sequence(List.copyOf(parts));
  }

  /** One of several. */
  static Rule choice(Rule... options) {
    return new Choice(List.of(options));
  }

  /** One of several; of none, nothing fits. */
  static Rule choice(List<Rule> options) {
    return new Choice(List.copyOf(options));
  }

  /** Once or not at all. */
  static Rule optional(Rule rule) {
    return choice(EMPTY, rule);
  }

  /** From {@code least} to {@code most} times, {@link Repeat#UNBOUNDED} for any number. */
  static Rule repeat(Rule rule, int least, int most) {
    return new Repeat(rule, least, most);
  }
}
