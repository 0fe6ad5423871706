package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.RiskPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private static Fields fields(String json) throws Exception {
    return Fields.of((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  private static GenerationSettings read(String json) throws Exception {
    return SettingsReader.read(fields(json), List.of("max_completion_tokens", "max_tokens"), "stop")
        .build();
  }

  private static String refusal(String json) {
    return assertThrows(ApiException.class, () -> read(json)).getMessage();
  }

  @Test
  void requestThatSaysNothing_isGreedy() throws Exception {
    assertEquals(Sampling.GREEDY, read("{}").sampling());
    assertEquals(OptionalInt.empty(), read("{}").maxTokens());
    assertEquals(Optional.empty(), read("{}").timeout());
    assertEquals(List.of(), read("{}").stop());
  }

  @Test
  void everyField_reachesItsSetting() throws Exception {
    GenerationSettings settings =
        read(
            "{'temperature': 0.5, 'top_k': 7, 'top_p': 0.75, 'min_p': 0.25, 'seed': 9,"
                + " 'repetition_penalty': 1.5, 'presence_penalty': -2, 'frequency_penalty': 2,"
                + " 'logit_bias': {'5': -100, '12': 2.5}, 'stop': ['a', 'bc'], 'timeout': 1.25,"
                + " 'max_tokens': 3}");
    Sampling sampling = settings.sampling();
    assertEquals(
        new Sampling(
            0.5f,
            7,
            0.75f,
            0.25f,
            9,
            new Sampling.Penalties(1.5f, -2, 2),
            Map.of(5, -100f, 12, 2.5f)),
        sampling);
    assertEquals(List.of("a", "bc"), settings.stop());
    assertEquals(Optional.of(Duration.ofMillis(1250)), settings.timeout());
    assertEquals(OptionalInt.of(3), settings.maxTokens());
    assertEquals(
        OptionalInt.of(4), read("{'max_tokens': 3, 'max_completion_tokens': 4}").maxTokens());
  }

  @Test
  void stopStrings_areAtMostSixteenOfAThousandCharacters() throws Exception {
    String longest = "'" + "x".repeat(1000) + "'";
    String sixteen = "[" + "'a', ".repeat(15) + longest + "]";
    assertEquals(16, read("{'stop': " + sixteen + "}").stop().size());
    String problem = "stop: must be at most 16 texts of 1 to 1000 characters";
    assertEquals(problem, refusal("{'stop': " + sixteen.replace("]", ", 'b']") + "}"));
    assertEquals(problem, refusal("{'stop': ['a', '" + "x".repeat(1001) + "']}"));
    assertEquals(problem, refusal("{'stop': ['a', '']}"));
  }

  @Test
  void biasOfWhatIsNoTokenOrTooLarge_isRefused() {
    assertEquals("logit_bias.-1: is no token id", refusal("{'logit_bias': {'5': 1, '-1': 1}}"));
    assertEquals(
        "logit_bias.1234567890: is no token id", refusal("{'logit_bias': {'1234567890': 1}}"));
    assertEquals(
        "logit_bias.5: must be a number from -100 to 100: 100.5",
        refusal("{'logit_bias': {'5': 100.5}}"));
    assertEquals("min_p: must be a number from 0 to 0.999999: 1", refusal("{'min_p': 1}"));
    assertEquals(
        "max_tokens: must be a whole number from 1 to 2147483647: 0", refusal("{'max_tokens': 0}"));
    String text = "'" + "y".repeat(60) + "'";
    assertEquals(
        "top_p: must be a number from 0.000001 to 1: \"" + "y".repeat(39) + "...",
        refusal("{'top_p': " + text + "}").replace("1.0E-6", "0.000001"));
  }

  @Test
  void uncertainty_isAFlagOrSaysWhatItWants() throws Exception {
    Uncertainty none = new Uncertainty(false, false, false, RiskPolicy.FLAGGING);
    Uncertainty all = new Uncertainty(true, true, false, RiskPolicy.FLAGGING);
    assertEquals(none, SettingsReader.uncertainty(fields("{}")));
    assertEquals(none, SettingsReader.uncertainty(fields("{'uncertainty': false}")));
    assertEquals(all, SettingsReader.uncertainty(fields("{'uncertainty': true}")));
    assertEquals(all, SettingsReader.uncertainty(fields("{'uncertainty': {}}")));
    assertEquals(
        new Uncertainty(
            false,
            false,
            true,
            new RiskPolicy(RiskPolicy.Action.ABSTAIN, OptionalDouble.of(0.25), "no")),
        SettingsReader.uncertainty(
            fields(
                "{'uncertainty': {'tokens': false, 'all_signals': false, 'layers': true,"
                    + " 'policy': 'abstain', 'threshold': 0.25, 'text': 'no'}}")));
    ApiException odd =
        assertThrows(
            ApiException.class,
            () -> SettingsReader.uncertainty(fields("{'uncertainty': {'policy': 'halt'}}")));
    assertEquals("uncertainty.policy: must be flag, stop or abstain: halt", odd.getMessage());
  }

  @Test
  void whatIsMeasured_followsWhatIsWanted() {
    GenerationSettings.Builder plain = GenerationSettings.builder();
    GenerationSettings base = GenerationSettings.DEFAULT;
    assertEquals(base, new Uncertainty(true, false, RiskPolicy.FLAGGING).measured(plain));
    assertEquals(
        GenerationSettings.builder().allSignals().build(),
        new Uncertainty(true, true, RiskPolicy.FLAGGING).measured(GenerationSettings.builder()));
    assertEquals(
        GenerationSettings.builder().blockDrifts().build(),
        new Uncertainty(true, true, true, RiskPolicy.FLAGGING)
            .measured(GenerationSettings.builder()));
  }

  @Test
  void answers_areOneTo128() throws Exception {
    assertEquals(1, SettingsReader.answers(fields("{}")));
    assertEquals(128, SettingsReader.answers(fields("{'n': 128}")));
    for (String n : List.of("0", "129")) {
      assertThrows(ApiException.class, () -> SettingsReader.answers(fields("{'n': " + n + "}")));
    }
  }
}
