package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation: each answer goes on from the keys and values of the turns before it, as far as
 * the template leaves those as they were. When the turns no longer fit into the context, the oldest
 * ones are left out, the system message never.
 *
 * <p>One thread at a time. Close it before the model, or with it.
 */
public final class ChatSession implements AutoCloseable {
  private final GenerationModel model;
  private final ChatTemplate template;
  private final GenerationSettings settings;
  private final List<Message> messages = new ArrayList<>();
  private Optional<Session> session = Optional.empty();
  private int left;

  ChatSession(GenerationModel model, ChatTemplate template, GenerationSettings settings) {
    this.model = model;
    this.template = template;
    this.settings = settings;
  }

  /**
   * Sets the instructions that stand before the conversation, in place of earlier ones.
   *
   * @return this
   */
  public ChatSession system(String instructions) {
    if (!messages.isEmpty() && messages.getFirst().role().equals("system")) {
      messages.removeFirst();
    }
    messages.addFirst(Message.system(instructions));
    return this;
  }

  /** The turns so far, oldest first. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /** How many of the oldest turns the last prompt left out because they did not fit. */
  public int leftOut() {
    return left;
  }

  /** Prompt tokens of the last answer that were not computed again. */
  public int reusedTokens() {
    return session.map(Session::reused).orElse(0);
  }

  /** Takes back the last question and its answer, if there is one. */
  public void undo() {
    while (!messages.isEmpty() && messages.getLast().role().equals("assistant")) {
      messages.removeLast();
    }
    if (!messages.isEmpty() && messages.getLast().role().equals("user")) {
      messages.removeLast();
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
   * @throws GenerationException.BadPrompt if the question alone does not fit into the context
   */
  public GenerationResult send(String question, TokenListener listener) {
    messages.add(Message.user(question));
    try {
      settings.requireKnownBias(model.config().vocabSize());
      int[] prompt = prompt();
      model.load(prompt.length, settings);
      Session held = session.orElseGet(() -> model.onModel(Session::new));
      session = Optional.of(held);
      GenerationResult answer = new Generation(model, held, false, prompt, settings).run(listener);
      messages.add(Message.assistant(answer.text()));
      return answer;
    } catch (RuntimeException | Error failure) {
      messages.removeLast();
      close();
      throw failure;
    }
  }

  /** The longest end of the conversation that leaves room for an answer. */
  private int[] prompt() {
    int first = messages.getFirst().role().equals("system") ? 1 : 0;
    List<Message> shown = new ArrayList<>(messages);
    int wanted = settings.maxTokens().orElse(1);
    for (left = 0; ; left++) {
      int[] ids = model.tokenizer().encode(template.render(shown, true), false);
      boolean fits = ids.length + wanted <= model.config().contextLength();
      if (fits || shown.size() <= first + 1) {
        return ids;
      }
      // A conversation begins with a question: its answer goes with it.
      shown.remove(first);
      while (shown.size() > first + 1 && shown.get(first).role().equals("assistant")) {
        shown.remove(first);
        left++;
      }
    }
  }

  /** Frees the keys and values; the next question computes them again. Idempotent. */
  @Override
  public void close() {
    session.ifPresent(model::release);
    session = Optional.empty();
  }
}
