package dev.hbar.cli;

import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.answer.AnswerStream;
import dev.hbar.model.answer.ParameterTypes;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.ChatSession;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A conversation: takes questions and commands one after the other until there are no more. */
final class Chat {
  private static final String CONTENT = "content";

  private final Environment environment;
  private final PrintWriter err;
  private final GenerationModel model;
  private final ChatInput input;
  private final Optional<Path> transcript;
  private final Map<String, ChatAction> actions = new LinkedHashMap<>();
  private GenerationSettings settings;
  private ChatSession session;
  private Optional<GenerationResult> last = Optional.empty();
  private boolean ended;
  private boolean failed;

  /** What a line that begins with a stroke does. */
  private record ChatAction(String words, String about, Consumer<String> act) {}

  Chat(
      Environment environment,
      GenerationModel model,
      GenerationSettings settings,
      ChatInput input,
      Optional<Path> transcript) {
    this.environment = environment;
    this.err = environment.err();
    this.model = model;
    this.settings = settings;
    this.input = input;
    this.transcript = transcript;
    this.session = model.chat(settings);
    actions();
  }

  private void actions() {
    action("/help", "", "this list", rest -> help());
    action("/system", "[TEXT]", "show or set the instructions for the model", this::system);
    action("/params", "[NAME=VALUE...]", "show or set how answers are drawn", this::params);
    action("/signals", "", "the last answer token by token", rest -> signals());
    action("/retry", "", "answer the last question again", rest -> retry());
    action("/undo", "", "take the last question and its answer back", rest -> undo());
    action("/reset", "", "begin anew, with the same instructions", rest -> reset());
    action("/save", "FILE", "keep the conversation in a file", this::save);
    action("/load", "FILE", "continue the conversation in a file", this::load);
    action("/exit", "", "end, as Ctrl-D does", rest -> ended = true);
    actions.put("/settings", actions.get("/params"));
    actions.put("/regenerate", actions.get("/retry"));
    actions.put("/quit", actions.get("/exit"));
  }

  private void action(String name, String words, String about, Consumer<String> act) {
    actions.put(name, new ChatAction((name + " " + words).strip(), about, act));
  }

  /** What the terminal completes. */
  static List<String> commandNames() {
    return List.of(
        "/help",
        "/system",
        "/params",
        "/settings",
        "/signals",
        "/retry",
        "/regenerate",
        "/undo",
        "/reset",
        "/save",
        "/load",
        "/exit",
        "/quit");
  }

  /** Says what runs, and takes up the conversation of the transcript. */
  void begin(Optional<String> system) {
    err.printf("%s on %s; /help lists the commands%n", model.name(), model.compute());
    printer(Interrupts.unarmed(err)).legend().ifPresent(err::println);
    transcript.filter(Files::exists).ifPresent(file -> load(file.toString()));
    system.ifPresent(session::system);
    err.flush();
  }

  /** Takes everything that is asked; the exit code. */
  int run() {
    while (!ended) {
      Optional<String> line = input.next();
      if (line.isEmpty()) {
        break;
      }
      try {
        take(line.get());
      } catch (HbarException refused) {
        failed = true;
        err.println("hbar: " + refused.getMessage());
      }
      err.flush();
    }
    session.close();
    return failed && !input.isTyped() ? ExitCodes.FAILED : input.exitCode();
  }

  private void take(String line) {
    if (line.isBlank()) {
      return;
    }
    if (!line.startsWith("/") || line.startsWith("//")) {
      ask(line.startsWith("//") ? line.substring(1) : line);
      return;
    }
    String[] words = line.split("\\s+", 2);
    ChatAction action = actions.get(words[0]);
    if (action == null) {
      throw new CommandException(
          words[0] + " is no command: /help lists them, // begins a question with a stroke");
    }
    action.act().accept(words.length > 1 ? words[1].strip() : "");
  }

  private void ask(String question) {
    Interrupts interrupts = input.answering();
    TokenPrinter printer = printer(interrupts).answering(Optional.of(parts(question)), err);
    GenerationResult result = session.send(question, printer);
    printer.finish(result);
    last = Optional.of(result);
    status(result, printer.tokensPerSecond());
    transcript.ifPresent(this::write);
  }

  private TokenPrinter printer(Interrupts interrupts) {
    return new TokenPrinter(
        environment.text(),
        false,
        settings.halt(),
        environment.terminal(),
        environment.palette(),
        interrupts,
        environment.nanoTime());
  }

  /** Takes the answer to this question apart. */
  private AnswerStream parts(String question) {
    List<Map<String, ?>> turns = new ArrayList<>(session.messages());
    turns.add(Map.of("role", "user", CONTENT, question));
    Conversation conversation =
        new Conversation(turns, Optional.empty(), Optional.empty(), true, Map.of());
    String prompt = model.chatTemplate().orElseThrow().render(conversation);
    return model.answerStream(prompt, ParameterTypes.UNKNOWN);
  }

  private void status(GenerationResult result, double tokensPerSecond) {
    int tokens = result.tokens().size();
    long[] held = new long[1];
    MlxThread.run(() -> held[0] = MlxMemory.snapshot().active());
    StringBuilder line = new StringBuilder();
    line.append(counted(tokens, "token"));
    if (tokensPerSecond > 0) {
      line.append(String.format(Locale.ROOT, ", %.1f tokens/s", tokensPerSecond));
    }
    line.append(stopped(result.stop()));
    line.append("; context ").append(session.promptTokens() + tokens);
    line.append(" of ").append(model.config().contextLength());
    line.append(", ").append(session.reusedTokens()).append(" reused");
    if (session.leftOut() > 0) {
      line.append(", the oldest ").append(counted(session.leftOut(), "turn")).append(" left out");
    }
    line.append("; ").append(held[0] / 1_000_000).append(" MB");
    boolean colours = environment.palette() != Terminal.Palette.PLAIN;
    err.println(colours ? "\u001b[2m" + line + "\u001b[0m" : line.toString());
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String stopped(StopReason stop) {
    return switch (stop) {
      case CANCELLED -> ", stopped";
      case LENGTH -> ", cut at the limit";
      case HALTED -> ", ended by risk";
      default -> "";
    };
  }

  private void help() {
    actions.values().stream()
        .distinct()
        .forEach(action -> err.printf("%-24s %s%n", action.words(), action.about()));
    err.println("/settings, /regenerate and /quit are other names of /params, /retry and /exit");
    err.println(
        "A question of several lines: end a line with \\, or put it between \"\"\""
            + (input.isTyped() ? ", or press Alt-Enter" : ""));
  }

  private void system(String text) {
    if (!text.isEmpty()) {
      session.system(text);
    }
    err.println(
        session.messages().stream()
            .filter(message -> "system".equals(message.get("role")))
            .map(message -> "instructions: " + message.get(CONTENT))
            .findFirst()
            .orElse("no instructions"));
  }

  private void params(String text) {
    if (!text.isEmpty()) {
      settings = ChatCommand.Parameters.changed(settings, text);
      session.settings(settings);
    }
    err.println(ChatCommand.Parameters.shown(settings));
  }

  private void signals() {
    GenerationResult result =
        last.orElseThrow(() -> new CommandException("there is no answer yet: ask something"));
    TokenPrinter.Table.print(environment.out(), result, settings.halt());
  }

  private void retry() {
    String question =
        lastQuestion()
            .orElseThrow(() -> new CommandException("there is no question yet: ask something"));
    session.undo();
    if (settings.sampling().isGreedy()) {
      err.println("note: temperature is 0, which gives the same answer; /params temperature=0.8");
    } else {
      long seed = settings.sampling().seed() + 1;
      settings = settings.toBuilder().sampling(settings.sampling().withSeed(seed)).build();
      session.settings(settings);
    }
    ask(question);
  }

  private Optional<String> lastQuestion() {
    return session.messages().reversed().stream()
        .filter(message -> "user".equals(message.get("role")))
        .map(message -> String.valueOf(message.get(CONTENT)))
        .findFirst();
  }

  private void undo() {
    Optional<String> question = lastQuestion();
    session.undo();
    last = Optional.empty();
    err.println(
        question.map(text -> "taken back: " + text).orElse("there is nothing to take back"));
    transcript.ifPresent(this::write);
  }

  private void reset() {
    List<Map<String, ?>> kept =
        session.messages().stream().filter(turn -> "system".equals(turn.get("role"))).toList();
    replace(kept);
    err.println("a new conversation");
  }

  private void replace(List<Map<String, ?>> turns) {
    session.close();
    session = model.chat(settings);
    turns.forEach(session::add);
    last = Optional.empty();
  }

  private void save(String file) {
    write(path("/save", file));
    err.println("kept in " + file);
  }

  private void write(Path file) {
    new ChatCommand.Transcript(model.name(), session.messages()).write(file);
  }

  private void load(String file) {
    ChatCommand.Transcript read = ChatCommand.Transcript.read(path("/load", file));
    replace(read.messages());
    err.printf("going on after %s turns of %s%n", read.messages().size(), file);
    if (!read.model().isEmpty() && !read.model().equals(model.name())) {
      err.println("note: they are of " + read.model());
    }
  }

  private static Path path(String command, String file) {
    if (file.isEmpty()) {
      throw new CommandException(command + " needs a file: " + command + " talk.json");
    }
    return Path.of(file);
  }
}
