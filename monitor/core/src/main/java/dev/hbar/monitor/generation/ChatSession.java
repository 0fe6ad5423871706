package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import dev.hbar.model.tokenizer.Conversation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation: each answer goes on from the keys and values of the turns before it, as far as
 * the template leaves those as they were; the rest is computed again. When the turns no longer fit,
 * the oldest ones are left out, the system message never.
 *
 * <p>A turn is a map as chat templates read it: {@code role}, {@code content}, and what else the
 * template knows, such as {@code tool_calls}.
 *
 * <p>One thread at a time. Close it before the model, or with it.
 */
public final class ChatSession implements AutoCloseable {
  private static final String SYSTEM = "system";
  private static final String USER = "user";

  private final GenerationModel model;
  private GenerationSettings settings;
  private final List<Map<String, ?>> messages = new ArrayList<>();
  private final Map<String, Object> variables = new LinkedHashMap<>();
  private Optional<List<?>> tools = Optional.empty();
  private Optional<List<?>> documents = Optional.empty();
  private Optional<Session> session = Optional.empty();
  private int limit;
  private int left;
  private int promptTokens;

  ChatSession(GenerationModel model, GenerationSettings settings) {
    this.model = model;
    this.settings = settings;
    this.limit = model.config().contextLength();
  }

  /**
   * Sets the instructions that stand before the conversation, in place of earlier ones.
   *
   * @return this
   */
  public ChatSession system(String instructions) {
    if (!messages.isEmpty() && isOf(SYSTEM, messages.getFirst())) {
      messages.removeFirst();
    }
    messages.addFirst(message(SYSTEM, instructions));
    return this;
  }

  /**
   * Offers functions that the model may call, in place of earlier ones.
   *
   * @param schemas a JSON schema each, as maps, lists, texts and numbers, or as Jackson nodes
   * @return this
   */
  public ChatSession tools(List<?> schemas) {
    tools = Optional.of(List.copyOf(schemas));
    return this;
  }

  /**
   * Gives documents that the model may quote, in place of earlier ones.
   *
   * @param given usually maps with {@code title} and {@code text}; the template decides
   * @return this
   */
  public ChatSession documents(List<?> given) {
    documents = Optional.of(List.copyOf(given));
    return this;
  }

  /**
   * Sets a variable of the template, such as {@code enable_thinking}.
   *
   * @return this
   */
  public ChatSession variable(String name, Object value) {
    variables.put(name, value);
    return this;
  }

  /**
   * Generates further answers with other settings; keys and values stay.
   *
   * @return this
   */
  public ChatSession settings(GenerationSettings further) {
    settings = further;
    return this;
  }

  /**
   * Bounds prompt and answer together; unless set, by the model's context.
   *
   * @param tokens at least 2, at most the model's context
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public ChatSession limit(int tokens) {
    if (tokens < 2 || tokens > model.config().contextLength()) {
      throw new IllegalArgumentException(
          "the limit must be 2 to " + model.config().contextLength() + " tokens: " + tokens);
    }
    limit = tokens;
    return this;
  }

  /**
   * Appends a turn as it is: an earlier one, or what a function gave back (role {@code tool}).
   *
   * @return this
   */
  public ChatSession add(Map<String, ?> message) {
    messages.add(new LinkedHashMap<>(message));
    return this;
  }

  /** The turns so far, oldest first. */
  public List<Map<String, ?>> messages() {
    return List.copyOf(messages);
  }

  /** How many of the oldest turns the last prompt left out because they did not fit. */
  public int leftOut() {
    return left;
  }

  /** Tokens of the last prompt. */
  public int promptTokens() {
    return promptTokens;
  }

  /** Prompt tokens of the last answer that were not computed again. */
  public int reusedTokens() {
    return session.map(Session::reused).orElse(0);
  }

  /** Takes back the last question and all that followed it, if there is one. */
  public void undo() {
    int last = messages.size() - 1;
    while (last >= 0 && !isOf(USER, messages.get(last))) {
      last--;
    }
    if (last >= 0) {
      messages.subList(last, messages.size()).clear();
    }
  }

  /** Asks, and waits for the whole answer. */
  public GenerationResult send(String question) {
    return send(question, TokenListener.NONE);
  }

  /**
   * Asks. The answer becomes a turn of the conversation, also when it was cut short; a question
   * whose answer failed does not.
   *
   * @param listener gets every token of the answer on this thread
   * @throws GenerationException.BadPrompt if the question alone does not fit
   */
  public GenerationResult send(String question, TokenListener listener) {
    messages.add(message(USER, question));
    try {
      return answer(listener);
    } catch (RuntimeException | Error failure) {
      messages.removeLast();
      throw failure;
    }
  }

  /**
   * Answers the conversation as it stands, for instance after a turn of role {@code tool}.
   *
   * @param listener gets every token of the answer on this thread
   * @throws GenerationException.BadPrompt if its last turn does not fit
   * @throws dev.hbar.model.checkpoint.CheckpointException if the template refuses the conversation
   */
  public GenerationResult answer(TokenListener listener) {
    try {
      settings.requireKnownBias(model.config().vocabSize());
      int[] prompt = prompt();
      promptTokens = prompt.length;
      model.load(prompt.length, settings);
      Session held = session.orElseGet(() -> model.onModel(Session::new));
      session = Optional.of(held);
      GenerationResult answer =
          new SingleGeneration(model, held, false, prompt, settings, limit).run(listener);
      messages.add(message("assistant", answer.text()));
      return answer;
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** The longest end of the conversation that leaves room for an answer. */
  private int[] prompt() {
    List<Map<String, ?>> shown = new ArrayList<>(messages);
    int first = !shown.isEmpty() && isOf(SYSTEM, shown.getFirst()) ? 1 : 0;
    int wanted = settings.maxTokens().orElse(1);
    left = 0;
    while (true) {
      int[] ids = model.tokenize(conversation(shown));
      if (ids.length + wanted <= limit) {
        return ids;
      }
      int next = nextQuestion(shown, first);
      if (next == shown.size()) {
        throw new GenerationException.BadPrompt(
            "the last question makes a prompt of %s tokens, which leaves no room for %s more within %s; shorten it"
                .formatted(ids.length, wanted, limit));
      }
      shown.subList(first, next).clear();
      left += next - first;
    }
  }

  /** Where the second question begins: what answers the first one goes with it. */
  private static int nextQuestion(List<Map<String, ?>> turns, int first) {
    int next = first + 1;
    while (next < turns.size() && !isOf(USER, turns.get(next))) {
      next++;
    }
    return Math.min(next, turns.size());
  }

  private Conversation conversation(List<Map<String, ?>> turns) {
    return new Conversation(turns, tools, documents, true, variables);
  }

  private static boolean isOf(String role, Map<String, ?> message) {
    return role.equals(message.get("role"));
  }

  private static Map<String, ?> message(String role, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  /** Frees the keys and values; the next question computes them again. Idempotent. */
  @Override
  public void close() {
    session.ifPresent(model::release);
    session = Optional.empty();
  }
}
