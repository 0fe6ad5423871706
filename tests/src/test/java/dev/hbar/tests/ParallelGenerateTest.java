package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One model over several processes, which end together whatever happens to one of them. */
@NativeTest
class ParallelGenerateTest {
  private static final int TOKENS = 16;

  @TempDir private Path folder;
  private RankProcesses ranks;
  private int port;

  @BeforeEach
  void choosePort() throws IOException {
    ranks = new RankProcesses(folder);
    port = RankProcesses.freePort();
  }

  @AfterEach
  void endAll() {
    ranks.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void severalRanks_generateTheIdsOfOne(int size) throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    String heads = "{'num_attention_heads': 8, 'num_key_value_heads': 4, 'head_dim': 8}";
    new RandomCheckpoint("llama", heads).load(model, MaskChoice.AUTO).close();
    RandomCheckpoint.writeTokenizer(model);
    requireSameIds(model, size);
  }

  @Test
  void threeRanksOfTheRealCheckpointsNineHeads_generateTheIdsOfOne() throws Exception {
    requireSameIds(RealCheckpoint.folder(), 3);
  }

  private void requireSameIds(Path model, int size) throws Exception {
    String[] command = generate(model, TOKENS, "--json");
    ProgramRun alone = ProgramRun.of(folder, "", command);
    assertEquals(0, alone.code(), alone.err());
    List<Process> all = startAll(size, command);
    String said = ranks.ended(all.getFirst(), 0, 0);
    assertTrue(said.contains("spread over " + size + " ranks; "), said);
    assertEquals(ids(alone.out()), ids(said));
    for (int rank = 1; rank < size; rank++) {
      assertEquals("", ranks.ended(all.get(rank), 0, rank));
    }
  }

  @Test
  void rankThatIsKilled_endsTheOthersWithOneLine() throws Exception {
    List<Process> all = startThree();
    all.get(2).destroyForcibly();
    String said = ranks.ended(all.get(0), 1, 0);
    assertTrue(said.contains("\nhbar: rank 2 at 127.0.0.1 is gone (closed the connection)"), said);
    assertEquals("", ranks.ended(all.get(1), 1, 1));
  }

  @Test
  void firstRankThatIsKilled_endsTheOthersWithOneLineEach() throws Exception {
    List<Process> all = startThree();
    all.get(0).destroyForcibly();
    for (int rank = 1; rank < 3; rank++) {
      String said = ranks.ended(all.get(rank), 1, rank).strip();
      assertTrue(said.matches("hbar: rank 0 at 127.0.0.1:\\d+ is gone \\(.*"), said);
    }
  }

  @Test
  void interruptOfTheFirstRank_endsAllAfterTheStep() throws Exception {
    List<Process> all = startThree();
    new ProcessBuilder("kill", "-INT", "" + all.get(0).pid()).start().waitFor();
    String said = ranks.ended(all.get(0), 130, 0);
    assertTrue(said.contains("hbar: stopping after this step"), said);
    assertEquals("", ranks.ended(all.get(1), 0, 1) + ranks.ended(all.get(2), 0, 2));
  }

  /** Three that are in the middle of a long text. */
  private List<Process> startThree() throws Exception {
    String[] endless = {"--logit-bias", "0=-100", "--logit-bias", "2=-100"};
    List<Process> all = startAll(3, generate(RealCheckpoint.folder(), 4000, endless));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ScoredRecords.TIMEOUT_SECONDS);
    while (!Files.readString(ranks.said(0)).contains("Paris")) {
      assertTrue(all.getFirst().isAlive(), Files.readString(ranks.said(0)));
      assertTrue(System.nanoTime() < deadline, "rank 0 does not begin");
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return all;
  }

  private List<Process> startAll(int size, String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--parallel", "tensor"));
    List<Process> all = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      all.add(ranks.start(rank, size, port, words.toArray(String[]::new)));
    }
    return all;
  }

  private static String[] generate(Path model, int tokens, String... more) {
    List<String> command = new ArrayList<>(List.of("generate", model.toString()));
    command.addAll(List.of("--prompt", "The capital of France is", "--max-tokens", "" + tokens));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  private static List<Integer> ids(String said) throws IOException {
    String document = said.substring(said.indexOf('{'), said.lastIndexOf('}') + 1);
    List<Integer> ids = new ArrayList<>();
    for (JsonNode token : new ObjectMapper().readTree(document).path("trajectory")) {
      ids.add(token.path("token").asInt());
    }
    assertEquals(TOKENS, ids.size(), document);
    return ids;
  }
}
