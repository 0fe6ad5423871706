package dev.hbar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands one after the other in one process, on its real streams: starting a JVM for each takes
 * longer than the commands do. A line on both streams ends what a command wrote. A line {@code cp
 * FROM TO} copies a file and shows nothing.
 */
public final class CommandSeries {
  private static final String OUT = "\u001eout ";
  private static final String ERR = "\u001eerr ";
  private static final Pattern OUT_END = Pattern.compile(OUT + "(\\d+)\n");
  private static final Pattern ERR_END = Pattern.compile(ERR + "(\\d+)\n");

  private CommandSeries() {}

  /** What one of them did. */
  public record Part(int code, String out, String err) {}

  /** The file holds a command a line. */
  public static void main(String[] files) throws IOException {
    Locale.setDefault(Locale.ROOT); // as Main does it
    for (String line : Files.readAllLines(Path.of(files[0]))) {
      String[] words = line.split(" ");
      if (words[0].equals("cp")) {
        Files.copy(Path.of(words[1]), Path.of(words[2]), StandardCopyOption.REPLACE_EXISTING);
      } else {
        int code = Main.run(words, Environment.ofProcess());
        System.out.print(OUT + code + "\n");
        System.out.flush();
        System.err.print(ERR + code + "\n");
        System.err.flush();
      }
    }
    System.exit(0);
  }

  /** Both streams by command; stdout may be lost, or be in stderr. */
  public static List<Part> parts(String out, String err) {
    List<String> outs = pieces(OUT_END, out);
    List<String> errs = pieces(ERR_END, OUT_END.matcher(err).replaceAll(""));
    List<Integer> codes =
        ERR_END.matcher(err).results().map(end -> Integer.valueOf(end.group(1))).toList();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < codes.size(); i++) {
      parts.add(new Part(codes.get(i), i < outs.size() ? outs.get(i) : "", errs.get(i)));
    }
    return parts;
  }

  private static List<String> pieces(Pattern end, String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    Matcher ends = end.matcher(text);
    for (MatchResult at : ends.results().toList()) {
      pieces.add(text.substring(from, at.start()));
      from = at.end();
    }
    return pieces;
  }
}
