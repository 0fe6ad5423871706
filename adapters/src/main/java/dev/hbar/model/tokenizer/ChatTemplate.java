package dev.hbar.model.tokenizer;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.template.Template;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The chat template of a checkpoint: the Jinja program that turns a conversation into the text the
 * model was trained on. It gives what Python's transformers gives, see {@link Template}.
 *
 * <p>The text holds the special tokens already: encode it with {@code addSpecialTokens} false.
 * Immutable; any thread.
 */
public final class ChatTemplate {

  static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";

  private final SortedMap<String, TemplateSource> templates;
  private final Map<String, String> specialTokens;
  private final Clock clock;

  ChatTemplate(
      Map<String, TemplateSource> templates, Map<String, String> specialTokens, Clock clock) {
    this.templates = Collections.unmodifiableSortedMap(new TreeMap<>(templates));
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /**
   * Reads the templates of a checkpoint as transformers does: chat_template.jinja and those in
   * additional_chat_templates, else {@code chat_template} of tokenizer_config.json, else
   * chat_template.json.
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
    return of(source, specialTokens, Clock.systemDefaultZone());
  }

  static ChatTemplate of(String source, Map<String, String> specialTokens, Clock clock) {
    TemplateSource template = TemplateSource.of("the chat template", source);
    return new ChatTemplate(Map.of(DEFAULT, template), specialTokens, clock);
  }

  /**
   * Renders turns of plain text.
   *
   * @param messages the turns, oldest first
   * @param addGenerationPrompt whether the text ends with the opening of the assistant's turn
   * @throws CheckpointException see {@link #render(Conversation)}
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    return render(Conversation.of(messages, addGenerationPrompt));
  }

  /**
   * Renders a conversation. Of several templates it takes the one named "tool_use" if there are
   * tools, else the one named "default".
   *
   * @throws CheckpointException if the template refuses the conversation (its own words are in the
   *     message), is broken or takes too much, or if the conversation is none
   */
  public String render(Conversation conversation) {
    TemplateSource template = choose(conversation);
    Map<String, Object> variables;
    try {
      variables = TemplateVariables.of(conversation, specialTokens, template.source());
      return template.render(variables, ZonedDateTime.now(clock));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s cannot be rendered, %s".formatted(template.origin(), ErrorText.reason(e)), e);
    }
  }

  /** The programs of all templates of the checkpoint, one after another. */
  public String source() {
    return templates.values().stream()
        .map(TemplateSource::source)
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private TemplateSource choose(Conversation conversation) {
    if (conversation.tools().isPresent() && templates.containsKey(TOOL_USE)) {
      return templates.get(TOOL_USE);
    }
    return Optional.ofNullable(templates.get(DEFAULT))
        .orElseThrow(
            () ->
                new CheckpointException(
                    "broken chat template: %s: none of the templates is named default (names: %s): name one so"
                        .formatted(
                            templates.firstEntry().getValue().origin(),
                            String.join(", ", templates.keySet()))));
  }
}
