package dev.hbar.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes out of a text what tells who wrote it or opens a door: home, names, tokens, passwords. */
final class Redaction {
  private static final int SHORTEST_NAME = 3;
  private static final Pattern LOGIN = Pattern.compile("://[^/\\s@]+@");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\b(hf|ghp|gho|github_pat|sk|xox[a-z])[_-][A-Za-z0-9_-]{8,}"
              + "|(?i)(?<=bearer )[^\\s\"']+"
              + "|(?i)(?<=(token|password|secret|api_key)[=:] ?)[^\\s\"',&]+");

  private final Map<String, String> names = new LinkedHashMap<>();

  /**
   * What must not be seen.
   *
   * @param properties user.home, user.name and hbar.root
   * @param environment its HBAR_HOME, HOME, USER, LOGNAME and HOSTNAME
   */
  Redaction(Properties properties, Map<String, String> environment) {
    hide(environment.get("HBAR_HOME"), "<HBAR_HOME>");
    hide(properties.getProperty("hbar.root"), "<hbar>");
    hide(environment.get("HOME"), "~");
    hide(properties.getProperty("user.home"), "~");
    hide(hostName(), "<host>");
    hide(environment.get("HOSTNAME"), "<host>");
    hide(properties.getProperty("user.name"), "<user>");
    hide(environment.get("USER"), "<user>");
    hide(environment.get("LOGNAME"), "<user>");
  }

  private void hide(String name, String shown) {
    Optional.ofNullable(name)
        .filter(text -> text.length() >= SHORTEST_NAME && !"root".equals(text))
        .filter(text -> !"localhost".equals(text))
        .ifPresent(text -> names.putIfAbsent(text, shown));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException none) {
      return "";
    }
  }

  /** The text without them. */
  String of(String text) {
    String shown = LOGIN.matcher(text).replaceAll("://<login>@");
    shown = TOKEN.matcher(shown).replaceAll("<token>");
    for (Map.Entry<String, String> name : names.entrySet()) {
      // A name is replaced as a whole word only: a user called "max" must not spoil "maximum".
      Pattern word =
          Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(name.getKey()) + "(?![A-Za-z0-9])");
      shown = word.matcher(shown).replaceAll(Matcher.quoteReplacement(name.getValue()));
    }
    return shown;
  }
}
