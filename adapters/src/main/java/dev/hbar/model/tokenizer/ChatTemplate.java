package dev.hbar.model.tokenizer;

import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The chat template of a checkpoint: the Jinja program that turns a conversation into the text the
 * model was trained on.
 *
 * <p>Known differences from Python's Jinja2: a printed boolean reads {@code true}, not {@code
 * True}; slices and lengths of strings count UTF-16 units, and a slice must lie inside its string;
 * slices with a step work only as {@code [::-1]}; tools and documents are always absent.
 *
 * <p>The text holds the special tokens already: encode it with {@code addSpecialTokens} false.
 * Immutable; any thread.
 */
public final class ChatTemplate {

  private final String template;
  private final Map<String, String> specialTokens;
  private final String origin;
  private final Clock clock;

  ChatTemplate(String source, Map<String, String> specialTokens, String origin, Clock clock) {
    this.template = TemplateDialect.adapt(source);
    this.specialTokens = Map.copyOf(specialTokens);
    this.origin = origin;
    this.clock = clock;
  }

  /**
   * Reads the template of a checkpoint: chat_template.jinja, else {@code chat_template} of
   * tokenizer_config.json, else chat_template.json. Of several named ones it takes the one named
   * "default".
   *
   * @return empty for a checkpoint without one, such as a base model
   * @throws CheckpointException if one of these files is broken
   */
  public static Optional<ChatTemplate> read(Path checkpoint) {
    return ChatTemplateReader.read(checkpoint, Clock.systemDefaultZone());
  }

  /**
   * A template from its source.
   *
   * @param source the Jinja program
   * @param specialTokens variable name ({@code bos_token}, {@code eos_token}) to text
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens) {
    return new ChatTemplate(source, specialTokens, "chat template", Clock.systemDefaultZone());
  }

  /**
   * Renders a conversation.
   *
   * @param messages the turns, oldest first
   * @param addGenerationPrompt whether the text ends with the opening of the assistant's turn
   * @throws CheckpointException if the template refuses the conversation (its own words are in the
   *     message) or is broken
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", turns(messages));
    variables.put("add_generation_prompt", addGenerationPrompt);
    variables.put("tools", null);
    variables.put("documents", null);
    try {
      return JinjaEnvironment.render(template, variables, ZonedDateTime.now(clock));
    } catch (JinjaEnvironment.Refusal e) {
      throw new CheckpointException(
          "%s refuses this conversation: %s: change the order or roles of the messages"
              .formatted(origin, OneLine.of(e)));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s cannot be rendered, %s: use a prompt without template"
              .formatted(origin, OneLine.of(e)));
    }
  }

  private static List<Map<String, Object>> turns(List<Message> messages) {
    List<Map<String, Object>> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Object> turn = new LinkedHashMap<>();
      turn.put("role", message.role());
      turn.put("content", message.content());
      turns.add(turn);
    }
    return turns;
  }
}
