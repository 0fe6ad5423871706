package app;

import dev.hbar.mlx.Mlx;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.monitor.generation.ChatSession;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.ScoredToken;
import dev.hbar.monitor.generation.TokenListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that embeds hbar: it prints a line for each thing that went well, and throws at the first that did not. */
public final class Program {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);
  private static final String PROMPT = "The capital of France is";
  private static final GenerationSettings EIGHT = GenerationSettings.builder().maxTokens(8).build();
  private static final GenerationSettings LONG = GenerationSettings.builder().maxTokens(200).build();

  private final String checkpoint;

  private Program(String checkpoint) {
    this.checkpoint = checkpoint;
  }

  public static void main(String[] args) throws Exception {
    LOG.info("before");
    long arrays = Mlx.liveArrays();
    new Program(args[0]).run();
    require(Mlx.liveArrays() == arrays, Mlx.liveArrays() + " arrays instead of " + arrays);
    LOG.info("after");
    System.out.println("ok all");
  }

  private void run() throws Exception {
    try (GenerationModel model = GenerationModel.open(checkpoint)) {
      String text = model.generate(PROMPT, EIGHT, TokenListener.NONE).text();
      require(text.contains("Paris"), text);
      System.out.println("ok hello:" + text);
      try (Stream<GeneratedToken> tokens = model.stream(PROMPT, EIGHT)) {
        String streamed = tokens.map(GeneratedToken::text).collect(Collectors.joining());
        require(text.startsWith(streamed) && !streamed.isEmpty(), streamed);
      }
      System.out.println("ok streaming");
      chat(model);
      List<ScoredToken> scored = model.score(PROMPT, text);
      require(scored.stream().allMatch(token -> token.rank() == 0), "greedy text, but " + scored);
      System.out.println("ok scoring of " + scored.size() + " tokens");
      var states = model.hiddenStates(PROMPT, List.of(new CapturePoint.FinalNorm())).get("final_norm");
      require(states.length == model.tokenize(PROMPT).length, states.length + " states");
      System.out.println("ok hidden states of " + states[0].length + " numbers");
      threads(model, text);
      twoModels(model, text);
      cancelled(model);
    }
    closedWhileBusy();
  }

  private static void chat(GenerationModel model) {
    try (ChatSession chat = model.chat(EIGHT).system("Be brief.")) {
      for (String question : List.of("Name a colour.", "Another one?", "Which is darker?")) {
        require(!chat.send(question).tokens().isEmpty(), "no answer to " + question);
      }
      require(chat.messages().size() == 7, chat.messages().toString());
      require(chat.reusedTokens() > 20, "reused only " + chat.reusedTokens());
    }
    System.out.println("ok chat of three turns");
  }

  private static void threads(GenerationModel model, String text) throws Exception {
    GenerationSettings two = GenerationSettings.builder().maxTokens(2).build();
    String wanted = model.generate(PROMPT, two, TokenListener.NONE).text();
    require(text.startsWith(wanted), wanted);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(threads.submit(() -> model.generate(PROMPT, two, TokenListener.NONE).text()));
      }
      for (Future<String> one : all) {
        require(wanted.equals(one.get()), one.get());
      }
    }
    System.out.println("ok 200 virtual threads");
  }

  private void twoModels(GenerationModel model, String text) throws Exception {
    try (GenerationModel other = GenerationModel.open(checkpoint);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<String> one = threads.submit(() -> model.generate(PROMPT, EIGHT, TokenListener.NONE).text());
      Future<String> two = threads.submit(() -> other.generate(PROMPT, EIGHT, TokenListener.NONE).text());
      require(text.equals(one.get()) && text.equals(two.get()), one.get() + " and " + two.get());
    }
    System.out.println("ok two models at once");
  }

  /** By an interrupt and by cancel, at moments between the first piece of the prompt and the last token. */
  private static void cancelled(GenerationModel model) throws Exception {
    Random random = new Random(7);
    int[] prompt = model.tokenize("one two three ".repeat(300));
    int early = 0;
    for (int i = 0; i < 16; i++) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger late = new AtomicInteger();
      AtomicBoolean flag = new AtomicBoolean();
      Generation generation = model.start(prompt, LONG);
      boolean interrupt = i % 2 == 0;
      Thread caller =
          new Thread(
              () -> {
                try (generation) {
                  while (generation.next().isPresent()) {
                    late.addAndGet(over.get() ? 1 : 0);
                  }
                } catch (GenerationException.Interrupted e) {
                  flag.set(Thread.currentThread().isInterrupted());
                }
                over.set(true);
              });
      caller.start();
      Thread.sleep(random.nextInt(400));
      if (interrupt) {
        caller.interrupt();
      } else {
        generation.cancel();
      }
      caller.join();
      require(late.get() == 0, late + " tokens after the end");
      require(interrupt == flag.get(), "the interrupt flag is " + flag);
      early += generation.isEnded() && generation.result().tokens().size() < 200 ? 1 : 0;
    }
    require(early == 8, early + " of 8 cancelled texts ended early");
    System.out.println("ok cancelled at random moments");
  }

  private void closedWhileBusy() throws Exception {
    GenerationModel model = GenerationModel.open(checkpoint);
    model.load(10, LONG);
    AtomicInteger heard = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        threads.submit(
            () -> {
              try {
                GenerationResult whole = model.generate(PROMPT, LONG, token -> heard.incrementAndGet() > 0);
                require(!whole.tokens().isEmpty(), "an empty text");
              } catch (GenerationException.ModelClosed e) {
                closed.incrementAndGet();
              }
            });
      }
      while (heard.get() < 20) {
        Thread.sleep(5);
      }
      model.close();
      int atClose = heard.get();
      Thread.sleep(300);
      // What was computed before the close may still be handed over: one token a caller.
      require(heard.get() <= atClose + 8, heard.get() - atClose + " tokens after close");
    }
    require(closed.get() == 8, closed + " of 8 callers were told that the model is closed");
    try {
      model.generate(PROMPT);
      throw new IllegalStateException("a closed model generated");
    } catch (GenerationException.ModelClosed expected) {
      System.out.println("ok closed while busy");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
