package dev.hbar.model.answer;

import dev.hbar.model.answer.AnswerFormat.Marks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Text in which marks open and close reasoning and calls. White space around what the marks enclose
 * is theirs: it is not part of the reasoning or of the text beside it.
 */
final class MarkedReader implements AnswerReader {
  private static final List<String> PYTHON_TAGS =
      List.of("<|python_tag|>", "<|python_start|>", "<|python_end|>");

  private enum Place {
    TEXT,
    REASONING,
    CALL,
    /** A JSON object that is all of the answer, so far. */
    BARE_CALL
  }

  private final AnswerFormat.Marked format;
  private final CallReader calls;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder space = new StringBuilder();
  private final List<AnswerPart> parts = new ArrayList<>();
  private Place place = Place.TEXT;
  private Marks marks = new Marks("", "");
  private boolean fresh = true;
  private boolean trims;

  MarkedReader(AnswerFormat.Marked format, String prompt, ParameterTypes types) {
    this.format = format;
    this.calls = new CallReader(types);
    String end = prompt.stripTrailing();
    for (Marks reasoning : format.reasoning()) {
      if (end.endsWith(reasoning.open().strip())) {
        open(Place.REASONING, reasoning);
      }
    }
  }

  private void open(Place inside, Marks around) {
    place = inside;
    marks = around;
    trims = true;
    space.setLength(0);
  }

  @Override
  public List<AnswerPart> add(String text, boolean special) {
    boolean bareCall = format.bareCalls() && PYTHON_TAGS.contains(text);
    if (bareCall && fresh) {
      place = Place.BARE_CALL;
    }
    if (!special || place == Place.CALL || !bareCall && isOfMark(text)) {
      held.append(text);
      read(false);
    }
    return taken();
  }

  /** Special tokens that no mark is made of end or divide messages. */
  private boolean isOfMark(String token) {
    return Stream.concat(format.reasoning().stream(), format.calls().stream())
        .anyMatch(known -> known.open().contains(token) || known.close().contains(token));
  }

  @Override
  public List<AnswerPart> finish() {
    read(true);
    String rest = held.toString();
    held.setLength(0);
    switch (place) {
      case CALL -> {
        if (!marks.close().isEmpty() || !addCalls(rest)) {
          say(marks.open() + rest);
        }
      }
      case BARE_CALL -> {
        if (!addCalls(rest)) {
          say(rest);
        }
      }
      case TEXT -> say(rest);
      case REASONING -> think(rest);
    }
    if (place == Place.TEXT && !space.isEmpty()) {
      parts.add(new AnswerPart.Content(space.toString()));
    }
    return taken();
  }

  private List<AnswerPart> taken() {
    List<AnswerPart> taken = List.copyOf(parts);
    parts.clear();
    return taken;
  }

  private void read(boolean last) {
    boolean more = true;
    while (more) {
      more =
          switch (place) {
            case TEXT -> readText(last);
            case REASONING -> readReasoning(last);
            case CALL -> readCall();
            case BARE_CALL -> false;
          };
    }
  }

  private boolean readText(boolean last) {
    if (format.bareCalls() && fresh && held.toString().stripLeading().startsWith("{")) {
      place = Place.BARE_CALL;
      return false;
    }
    Optional<Marks> thought = first(format.reasoning());
    Optional<Marks> call = first(format.calls());
    int thoughtAt = thought.map(found -> held.indexOf(found.open())).orElse(Integer.MAX_VALUE);
    int callAt = call.map(found -> held.indexOf(found.open())).orElse(Integer.MAX_VALUE);
    int at = Math.min(thoughtAt, callAt);
    if (at == Integer.MAX_VALUE) {
      List<String> opens = new ArrayList<>();
      format.reasoning().forEach(known -> opens.add(known.open()));
      format.calls().forEach(known -> opens.add(known.open()));
      say(release(last ? held.length() : held.length() - heldBack(opens)));
      return false;
    }
    say(release(at));
    Marks found = at == thoughtAt ? thought.get() : call.get();
    release(found.open().length());
    open(at == thoughtAt ? Place.REASONING : Place.CALL, found);
    return true;
  }

  private Optional<Marks> first(List<Marks> known) {
    return known.stream()
        .filter(marksOf -> held.indexOf(marksOf.open()) >= 0)
        .min(Comparator.comparingInt((Marks marksOf) -> held.indexOf(marksOf.open())));
  }

  private boolean readReasoning(boolean last) {
    int at = held.indexOf(marks.close());
    if (at < 0) {
      think(release(last ? held.length() : held.length() - heldBack(List.of(marks.close()))));
      return false;
    }
    think(release(at));
    release(marks.close().length());
    open(Place.TEXT, marks);
    return true;
  }

  private boolean readCall() {
    String end = marks.close().isEmpty() ? marks.open() : marks.close();
    int at = held.indexOf(end);
    if (at < 0) {
      return false;
    }
    String body = release(at);
    release(marks.close().length());
    Marks around = marks;
    boolean read = addCalls(body);
    open(Place.TEXT, around);
    if (!read) {
      trims = false;
      say(around.open() + body + around.close());
    }
    return true;
  }

  private boolean addCalls(String body) {
    List<ToolCall> read = calls.read(body);
    read.forEach(call -> parts.add(new AnswerPart.Call(call)));
    return !read.isEmpty();
  }

  private void say(String text) {
    String shown = withoutSpace(text);
    if (!shown.isEmpty()) {
      parts.add(new AnswerPart.Content(shown));
    }
  }

  private void think(String text) {
    String shown = withoutSpace(text);
    if (!shown.isEmpty()) {
      parts.add(new AnswerPart.Reasoning(shown));
    }
  }

  /** White space waits for what comes behind it, and is left out behind a mark. */
  private String withoutSpace(String text) {
    String begun = trims ? text.stripLeading() : text;
    if (begun.isEmpty()) {
      return "";
    }
    trims = false;
    String stripped = begun.stripTrailing();
    fresh &= stripped.isEmpty();
    if (stripped.isEmpty()) {
      space.append(begun);
      return "";
    }
    String shown = space + stripped;
    space.setLength(0);
    space.append(begun.substring(stripped.length()));
    return shown;
  }

  private String release(int length) {
    String certain = held.substring(0, length);
    held.delete(0, length);
    return certain;
  }

  /** Length of the longest end of the text that one of these begins with. */
  private int heldBack(List<String> known) {
    int longest = 0;
    for (String mark : known) {
      for (int n = Math.min(mark.length() - 1, held.length()); n > longest; n--) {
        if (mark.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
