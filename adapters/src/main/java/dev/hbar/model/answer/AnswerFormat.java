package dev.hbar.model.answer;

import java.util.ArrayList;
import java.util.List;

/** How a family of models writes reasoning and calls of tools, as its chat template shows. */
public sealed interface AnswerFormat {
  /** gpt-oss: every message has a channel, a recipient and an end. */
  record Harmony() implements AnswerFormat {}

  /**
   * Text with marks in it.
   *
   * @param reasoning around what the model thinks
   * @param calls around calls of tools
   * @param bareCalls whether an answer that is a JSON object is a call (Llama 3)
   */
  record Marked(List<Marks> reasoning, List<Marks> calls, boolean bareCalls)
      implements AnswerFormat {
    /** Copies the lists. */
    public Marked {
      reasoning = List.copyOf(reasoning);
      calls = List.copyOf(calls);
    }
  }

  /**
   * What stands before and after.
   *
   * @param close empty where the next mark or the end of the answer ends it
   */
  record Marks(String open, String close) {}

  /** An answer that is text only. */
  AnswerFormat PLAIN = new Marked(List.of(), List.of(), false);

  /**
   * The format that a chat template writes answers in, told by the marks of published families that
   * stand in it: {@link Harmony} where it writes channels, else {@link Marked} with what was found,
   * which is {@link #PLAIN} where nothing was. Where no mark of calls was found, a template that
   * speaks of ipython means calls as bare JSON. No template is refused; any thread.
   *
   * @param template the source of the chat template, not a rendered conversation
   */
  static AnswerFormat of(String template) {
    if (template.contains("<|channel|>") && template.contains("<|message|>")) {
      return new Harmony();
    }
    List<Marks> calls = found(template, KnownMarks.CALLS, false);
    boolean bare = calls.isEmpty() && template.contains("ipython");
    return new Marked(found(template, KnownMarks.REASONING, true), calls, bare);
  }

  private static List<Marks> found(String template, List<Marks> known, boolean closeIsEnough) {
    List<Marks> found = new ArrayList<>();
    for (Marks marks : known) {
      boolean composed =
          marks.open().contains(KnownMarks.DSML) && template.contains(KnownMarks.DSML);
      if (template.contains(marks.open())
          || composed
          || closeIsEnough && template.contains(marks.close())) {
        found.add(marks);
      }
    }
    return found;
  }

  /**
   * A reader of one answer.
   *
   * @param prompt the text that the answer goes on from, which may have opened the reasoning
   * @param types of the parameters of the tools that were offered
   */
  default AnswerReader reader(String prompt, ParameterTypes types) {
    return switch (this) {
      case Harmony harmony -> new HarmonyReader();
      case Marked marked -> new MarkedReader(marked, prompt, types);
    };
  }
}
