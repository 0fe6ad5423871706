package dev.hbar.model.template;

import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Python's strftime in the C locale, for a time without zone. */
final class Strftime {

  private Strftime() {}

  static String format(ZonedDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%' || at == format.length()) {
        out.append(c);
        continue;
      }
      boolean bare = format.charAt(at) == '-' && at + 1 < format.length();
      char directive = format.charAt(bare ? at + 1 : at);
      at += bare ? 2 : 1;
      String field = field(time, directive);
      out.append(bare && field.length() > 1 ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
    }
    return out.toString();
  }

  private static String field(ZonedDateTime time, char directive) {
    return switch (directive) {
      case 'd' -> padded(time.getDayOfMonth(), 2, '0');
      case 'e' -> padded(time.getDayOfMonth(), 2, ' ');
      case 'm' -> padded(time.getMonthValue(), 2, '0');
      case 'Y' -> Integer.toString(time.getYear());
      case 'y' -> padded(time.getYear() % 100, 2, '0');
      case 'C' -> padded(time.getYear() / 100, 2, '0');
      case 'j' -> padded(time.getDayOfYear(), 3, '0');
      case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> time.getMonth().name().charAt(0) + lowerThree(time.getMonth().name());
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> time.getDayOfWeek().name().charAt(0) + lowerThree(time.getDayOfWeek().name());
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      default -> clock(time, directive);
    };
  }

  private static String lowerThree(String name) {
    return name.substring(1, 3).toLowerCase(Locale.ROOT);
  }

  private static String clock(ZonedDateTime time, char directive) {
    return switch (directive) {
      case 'H' -> padded(time.getHour(), 2, '0');
      case 'k' -> padded(time.getHour(), 2, ' ');
      case 'I' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0');
      case 'l' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ');
      case 'M' -> padded(time.getMinute(), 2, '0');
      case 'S' -> padded(time.getSecond(), 2, '0');
      case 'f' -> padded(time.getNano() / 1000, 6, '0');
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 's' -> Long.toString(time.toEpochSecond());
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> composed(time, directive);
    };
  }

  private static String composed(ZonedDateTime time, char directive) {
    return switch (directive) {
      case 'D', 'x' -> format(time, "%m/%d/%y");
      case 'F' -> format(time, "%Y-%m-%d");
      case 'T', 'X' -> format(time, "%H:%M:%S");
      case 'R' -> format(time, "%H:%M");
      case 'r' -> format(time, "%I:%M:%S %p");
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'U' ->
          padded((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7, 2, '0');
      case 'W' -> padded((time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7, 2, '0');
      default -> "%" + directive;
    };
  }

  private static String padded(int number, int width, char fill) {
    String digits = Integer.toString(number);
    return String.valueOf(fill).repeat(Math.max(0, width - digits.length())) + digits;
  }
}
