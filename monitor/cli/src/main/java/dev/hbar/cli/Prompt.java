package dev.hbar.cli;

import dev.hbar.model.answer.AnswerStream;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.monitor.generation.GenerationModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the model is asked. */
final class Prompt {
  private static final int MOST_BYTES = 1 << 25;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT|-",
      description = "The prompt; - reads all of stdin, line end included.")
  private String prompt = "";

  @Option(names = "--chat", description = "Put the prompt into the checkpoint's chat template.")
  private boolean chat;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "Instructions before the prompt; needs --chat.")
  private Optional<String> system = Optional.empty();

  @Mixin private ConversationOptions conversation = new ConversationOptions();

  /** Whether it comes on stdin. */
  boolean piped() {
    return prompt.equals("-");
  }

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    Optional<String> given = system.map(text -> "--system").or(conversation::given);
    return given
        .filter(option -> !chat)
        .map(option -> option + " needs --chat: only a chat template has a place for it");
  }

  /**
   * The prompt as the user gave it.
   *
   * @throws CommandException if it is empty or not UTF-8
   */
  String text(InputStream in) {
    String text = piped() ? utf8(in) : prompt;
    if (text.isEmpty()) {
      throw new CommandException("the prompt is empty; give it some text");
    }
    return text;
  }

  /** The text that the model continues: the prompt itself, or a conversation with it. */
  String input(String text, GenerationModel model) {
    if (!chat) {
      return text;
    }
    ChatTemplate template =
        model
            .chatTemplate()
            .orElseThrow(
                () ->
                    new CommandException(
                        model.name()
                            + " has no chat template (tokenizer_config.json, chat_template); leave out --chat"));
    return template.render(conversation.of(system, text));
  }

  /** Takes the answer apart; empty without a conversation. */
  Optional<AnswerStream> answer(String input, GenerationModel model) {
    return chat ? Optional.of(model.answerStream(input, conversation.types())) : Optional.empty();
  }

  /** A rendered conversation holds the special tokens already. */
  int[] ids(String input, GenerationModel model) {
    return model.tokenizer().encode(input, !chat);
  }

  private static String utf8(InputStream in) {
    try {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      if (bytes.length == MOST_BYTES) {
        throw new CommandException("the prompt on stdin has 32 MiB or more; shorten it");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CommandException("the prompt on stdin is not UTF-8; convert it first", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the prompt from stdin", e);
    }
  }
}
