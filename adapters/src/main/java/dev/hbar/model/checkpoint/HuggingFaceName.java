package dev.hbar.model.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ORG/NAME[@REVISION]}, as on the Hugging Face hub.
 *
 * @param organization whose model it is
 * @param model its name
 * @param revision a branch, tag or commit; {@code main} when none was given
 */
public record HuggingFaceName(String organization, String model, String revision) {
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
  private static final Pattern FORM =
      Pattern.compile("(%s)/(%s)(?:@(%s(?:/%s)*))?".formatted(PART, PART, PART, PART));

  /** Empty for anything of another form; {@code ..} never passes. */
  public static Optional<HuggingFaceName> parse(String argument) {
    Matcher matcher = FORM.matcher(argument);
    if (!matcher.matches() || argument.contains("..") || argument.contains("--")) {
      return Optional.empty();
    }
    String revision = matcher.group(3) == null ? "main" : matcher.group(3);
    return Optional.of(new HuggingFaceName(matcher.group(1), matcher.group(2), revision));
  }

  /** Its folder in the cache. */
  public String folderName() {
    return "models--" + organization + "--" + model;
  }

  @Override
  public String toString() {
    return organization + "/" + model;
  }
}
