package dev.hbar.cli;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GenerationSettings;
import java.util.List;

/** What {@code /params} of a conversation shows and sets. */
final class ChatParameters {
  private static final List<String> NAMES =
      List.of("temperature", "top-k", "top-p", "min-p", "seed", "max-tokens");

  private ChatParameters() {}

  /** The settings on a line, as they are set. */
  static String shown(GenerationSettings settings) {
    Sampling drawn = settings.sampling();
    return "temperature=%s top-k=%s top-p=%s min-p=%s seed=%s max-tokens=%s"
        .formatted(
            drawn.temperature(),
            drawn.topK(),
            drawn.topP(),
            drawn.minP(),
            drawn.seed(),
            settings.maxTokens().orElse(GenerationSettings.DEFAULT_MAX_TOKENS));
  }

  /**
   * The settings with others in their place.
   *
   * @param text NAME=VALUE, several with spaces between
   * @throws CommandException naming what cannot be taken
   */
  static GenerationSettings changed(GenerationSettings settings, String text) {
    GenerationSettings now = settings;
    for (String pair : text.split("\\s+")) {
      int equals = pair.indexOf('=');
      String name = (equals < 0 ? pair : pair.substring(0, equals)).replace('_', '-');
      if (equals < 0 || !NAMES.contains(name)) {
        throw new CommandException(
            pair + " is no parameter: give NAME=VALUE with one of " + String.join(", ", NAMES));
      }
      try {
        now = with(now, name, pair.substring(equals + 1));
      } catch (NumberFormatException e) {
        throw new CommandException(pair + ": no such number", e);
      } catch (IllegalArgumentException e) {
        throw new CommandException(pair + ": " + e.getMessage(), e);
      }
    }
    return now;
  }

  private static GenerationSettings with(GenerationSettings now, String name, String value) {
    GenerationSettings.Builder changed = now.toBuilder();
    if (name.equals("max-tokens")) {
      return changed.maxTokens(Integer.parseInt(value)).build();
    }
    Sampling old = now.sampling();
    Sampling drawn =
        new Sampling(
            name.equals("temperature") ? Float.parseFloat(value) : old.temperature(),
            name.equals("top-k") ? Integer.parseInt(value) : old.topK(),
            name.equals("top-p") ? Float.parseFloat(value) : old.topP(),
            name.equals("min-p") ? Float.parseFloat(value) : old.minP(),
            name.equals("seed") ? Long.parseLong(value) : old.seed(),
            old.penalties(),
            old.logitBias());
    return changed.sampling(drawn).build();
  }
}
