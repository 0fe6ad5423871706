package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's format(value, spec). */
final class FormatSpec {

  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?([0-9]{0,9})([,_])?(?:\\.([0-9]{1,9}))?(.)?",
          Pattern.DOTALL);

  private final String fill;
  private final String align;
  private final String sign;
  private final boolean alternate;
  private final int width;
  private final String grouping;
  private final int precision;
  private final char type;

  private FormatSpec(Matcher spec) {
    boolean zero = spec.group(5) != null;
    fill = spec.group(1) != null ? spec.group(1) : zero && spec.group(2) == null ? "0" : " ";
    align = spec.group(2) != null ? spec.group(2) : zero ? "=" : "";
    sign = spec.group(3) == null ? "" : spec.group(3);
    alternate = spec.group(4) != null;
    width = spec.group(6).isEmpty() ? 0 : Integer.parseInt(spec.group(6));
    grouping = spec.group(7) == null ? "" : spec.group(7);
    precision = spec.group(8) == null ? -1 : Integer.parseInt(spec.group(8));
    type = spec.group(9) == null ? ' ' : spec.group(9).charAt(0);
  }

  static String format(Object value, String spec) {
    if (spec.isEmpty()) {
      return Repr.str(value);
    }
    Matcher matcher = SPEC.matcher(spec);
    if (!matcher.matches()) {
      throw new Fault("Invalid format specifier");
    }
    FormatSpec parsed = new FormatSpec(matcher);
    return switch (value) {
      case String text -> parsed.text(text);
      case Double real -> parsed.real(real);
      case Boolean _, BigInteger _ -> parsed.integer(Numbers.integer(value).orElseThrow());
      default ->
          throw new Fault(
              "unsupported format string passed to " + Types.name(value) + ".__format__");
    };
  }

  private String text(String text) {
    boolean explicitEquals = align.equals("=") && !fill.equals("0");
    if (type != ' ' && type != 's'
        || !sign.isEmpty()
        || alternate
        || !grouping.isEmpty()
        || explicitEquals) {
      throw new Fault("Invalid format specifier for a str");
    }
    String cut =
        precision >= 0 && precision < Text.length(text) ? Text.slice(text, 0, precision) : text;
    return pad("", cut, align.isEmpty() || align.equals("=") ? "<" : align);
  }

  private String integer(BigInteger value) {
    if ("eEfFgG%".indexOf(type) >= 0) {
      return real(Numbers.real(value));
    }
    if (precision >= 0) {
      throw new Fault("Precision not allowed in integer format specifier");
    }
    BigInteger size = value.abs();
    String digits =
        switch (type) {
          case ' ', 'd', 'n' -> Repr.integer(size);
          case 'b' -> size.toString(2);
          case 'o' -> size.toString(8);
          case 'x' -> size.toString(16);
          case 'X' -> CaseMethods.upper(size.toString(16));
          case 'c' -> Character.toString(Numbers.clamp(size));
          default -> throw new Fault("Unknown format code '" + type + "' for an integer");
        };
    String prefix = alternate && "boxX".indexOf(type) >= 0 ? "0" + type : "";
    return number(value.signum() < 0, prefix, digits, "");
  }

  private String real(double value) {
    boolean negative = value < 0 || 1 / value < 0;
    double size = Math.abs(value);
    if (Double.isNaN(size) || Double.isInfinite(size)) {
      return number(negative, "", FloatText.repr(size) + (type == '%' ? "%" : ""), "");
    }
    String text =
        switch (type) {
          case ' ' -> precision < 0 ? FloatText.repr(size) : plain(size);
          case 'e', 'E', 'f', 'F', 'g', 'G' ->
              NumberText.format(size, type, precision < 0 ? 6 : precision, alternate);
          case 'n' -> NumberText.format(size, 'g', precision < 0 ? 6 : precision, alternate);
          case '%' ->
              NumberText.format(size * 100, 'f', precision < 0 ? 6 : precision, alternate) + "%";
          default -> throw new Fault("Unknown format code '" + type + "' for a float");
        };
    int whole = 0;
    while (whole < text.length() && Character.isDigit(text.charAt(whole))) {
      whole++;
    }
    return number(negative, "", text.substring(0, whole), text.substring(whole));
  }

  private String plain(double size) {
    String text = NumberText.format(size, 'g', precision, alternate);
    return text.matches("[0-9]+") && text.length() < Math.max(1, precision) + 1
        ? withFraction(text)
        : text;
  }

  private String withFraction(String digits) {
    return digits.length() < precision
        ? digits + ".0"
        : digits.charAt(0)
            + (digits.length() > 1 ? "." + digits.substring(1) : "")
            + "e"
            + FloatText.exponent(digits.length() - 1);
  }

  private String number(boolean negative, String prefix, String whole, String rest) {
    String head = (negative ? "-" : sign.equals("-") ? "" : sign) + prefix;
    return pad(head, grouped(whole) + rest, align.isEmpty() ? ">" : align);
  }

  private String grouped(String digits) {
    int size = grouping.equals("_") && "boxX".indexOf(type) >= 0 ? 4 : 3;
    if (grouping.isEmpty()) {
      return digits;
    }
    StringBuilder out = new StringBuilder(digits);
    for (int at = digits.length() - size; at > 0; at -= size) {
      out.insert(at, grouping);
    }
    return out.toString();
  }

  private String pad(String head, String body, String alignment) {
    int missing = Math.max(0, width - head.length() - Text.length(body));
    Budget.charge(missing + (long) body.length());
    return switch (alignment) {
      case "<" -> head + body + fill.repeat(missing);
      case "=" -> head + fill.repeat(missing) + body;
      case "^" -> fill.repeat(missing / 2) + head + body + fill.repeat(missing - missing / 2);
      default -> fill.repeat(missing) + head + body;
    };
  }
}
