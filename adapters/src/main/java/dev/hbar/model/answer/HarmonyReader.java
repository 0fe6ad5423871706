package dev.hbar.model.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers of gpt-oss: {@code <|channel|>CHANNEL to=functions.NAME<|message|>TEXT<|end|>}, one
 * message after another. The channel "analysis" is reasoning; a message to a function is a call.
 */
final class HarmonyReader implements AnswerReader {
  private static final Pattern RECIPIENT = Pattern.compile("to=(?:functions\\.)?([^\\s<]+)");
  private static final List<String> ENDS =
      List.of("<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>");

  private final CallReader calls = new CallReader(ParameterTypes.UNKNOWN);
  private final StringBuilder header = new StringBuilder();
  private final StringBuilder call = new StringBuilder();
  private boolean inMessage;

  @Override
  public List<AnswerPart> add(String text, boolean special) {
    if (!special) {
      return text.isEmpty() ? List.of() : said(text);
    }
    if (text.equals("<|message|>")) {
      inMessage = true;
      return List.of();
    }
    if (inMessage && ENDS.contains(text)) {
      List<AnswerPart> ended = ended();
      header.setLength(0);
      inMessage = false;
      header.append(text);
      return ended;
    }
    header.append(inMessage ? "" : text);
    return List.of();
  }

  private List<AnswerPart> said(String text) {
    if (!inMessage) {
      header.append(text);
      return List.of();
    }
    if (recipient().find()) {
      call.append(text);
      return List.of();
    }
    return List.of(
        header.indexOf("analysis") >= 0
            ? new AnswerPart.Reasoning(text)
            : new AnswerPart.Content(text));
  }

  private Matcher recipient() {
    return RECIPIENT.matcher(header);
  }

  private List<AnswerPart> ended() {
    Matcher recipient = recipient();
    if (!recipient.find()) {
      return List.of();
    }
    String body = call.toString();
    call.setLength(0);
    List<ToolCall> read =
        calls.read("{\"name\": \"" + recipient.group(1) + "\", \"arguments\": " + body + "}");
    List<AnswerPart> parts = new ArrayList<>();
    read.forEach(one -> parts.add(new AnswerPart.Call(one)));
    return parts.isEmpty() && !body.isEmpty() ? List.of(new AnswerPart.Content(body)) : parts;
  }

  @Override
  public List<AnswerPart> finish() {
    return inMessage ? ended() : List.of();
  }
}
