package dev.hbar.model.hub;

import dev.hbar.model.checkpoint.HuggingFaceCache;
import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** An access token and where it came from; only the latter is ever shown. */
public final class HubToken {
  private static final Pattern FORM = Pattern.compile("[!-~]{1,512}");
  private static final int MAX_BYTES = 4096;

  private final String value;
  private final String source;

  private HubToken(String value, String source) {
    if (!FORM.matcher(value).matches()) {
      throw new HubException(
          "the token from %s has characters that no token has: log in again".formatted(source));
    }
    this.value = value;
    this.source = source;
  }

  /**
   * By the rules of huggingface_hub: HF_TOKEN, else the file HF_TOKEN_PATH or HF_HOME/token; none
   * with HF_HUB_DISABLE_IMPLICIT_TOKEN.
   */
  static Optional<HubToken> of(Map<String, String> environment) {
    if (HubSettings.isTrue(environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
      return Optional.empty();
    }
    return variable(environment, "HF_TOKEN")
        .or(() -> variable(environment, "HUGGING_FACE_HUB_TOKEN"))
        .or(() -> inFile(file(environment)));
  }

  /** Where a token is looked for when no variable holds one. */
  static Path file(Map<String, String> environment) {
    return HuggingFaceCache.folder(environment, "HF_TOKEN_PATH")
        .orElseGet(() -> HuggingFaceCache.home(environment).resolve("token"));
  }

  private static Optional<HubToken> variable(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? Optional.empty() : Optional.of(new HubToken(value, name));
  }

  private static Optional<HubToken> inFile(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new HubException("the token file " + file + " is no token: log in again");
      }
      String value = RegularFile.text(file, 1 << 16).strip();
      return value.isEmpty() ? Optional.empty() : Optional.of(new HubToken(value, file.toString()));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new HubException(
          "cannot read the token file " + file + ": check its permissions", unreadable);
    }
  }

  /** The value of the Authorization header. */
  String header() {
    return "Bearer " + value;
  }

  @Override
  public String toString() {
    return "the token from " + source;
  }
}
