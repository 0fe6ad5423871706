package dev.hbar.model.tokenizer;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jinjava.javax.el.CompositeELResolver;

/**
 * Jinjava set up as the Python libraries set up Jinja2 for chat templates: blocks are trimmed,
 * nothing is escaped, the text of a message is never read as a template, and a template can reach
 * no file.
 */
final class JinjaEnvironment {

  /** Far beyond any context length. */
  private static final long MAX_OUTPUT = 64L << 20;

  private static final String NOW = "__now";

  private static final Jinjava JINJAVA = create();

  private JinjaEnvironment() {}

  /** The template itself asked to stop. */
  static final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /**
   * Renders a template.
   *
   * @param template in the dialect of {@link TemplateDialect}
   * @param variables what the template sees; not changed
   * @param now the time that {@code strftime_now} tells
   * @throws Refusal if the template calls {@code raise_exception}
   * @throws IllegalArgumentException if the template is wrong; the message is one line
   */
  static String render(String template, Map<String, Object> variables, ZonedDateTime now) {
    Map<String, Object> bindings = new HashMap<>(variables);
    bindings.put(NOW, now);
    // Templates ask "is strftime_now defined", which looks for a variable.
    bindings.put("strftime_now", true);
    bindings.put("raise_exception", true);
    RenderResult result = JINJAVA.renderForResult(template, bindings);
    for (TemplateError error : result.getErrors()) {
      refusal(error.getException())
          .ifPresent(
              refusal -> {
                throw refusal;
              });
      throw new IllegalArgumentException(
          "line %d: %s"
              .formatted(error.getLineno(), OneLine.of(new RuntimeException(error.getMessage()))));
    }
    return result.getOutput();
  }

  private static Optional<Refusal> refusal(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }

  private static Jinjava create() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonMethods());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    JinjavaConfig config =
        JinjavaConfig.newBuilder()
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            .withKeepTrailingNewline(true)
            .withNestedInterpretationEnabled(false)
            .withEnableRecursiveMacroCalls(true)
            .withMaxOutputSize(MAX_OUTPUT)
            .withLegacyOverrides(asInPython())
            .withElResolver(resolver)
            .withDisabled(
                Map.of(Context.Library.TAG, Set.of("include", "import", "from", "extends")))
            .build();
    Jinjava jinjava = new Jinjava(config);
    Context context = jinjava.getGlobalContext();
    context.registerFilter(new PythonJson());
    context.registerTag(new GenerationTag());
    context.registerFunction(function("raise_exception", "raise"));
    context.registerFunction(function("strftime_now", "formatNow"));
    return jinjava;
  }

  private static LegacyOverrides asInPython() {
    return LegacyOverrides.newBuilder()
        .withEvaluateMapKeys(true)
        .withIterateOverMapKeys(true)
        .withUsePyishObjectMapper(true)
        .withUseNaturalOperatorPrecedence(true)
        .withParseWhitespaceControlStrictly(true)
        .withAllowAdjacentTextNodes(true)
        .withUseTrimmingForNotesAndExpressions(true)
        .withKeepNullableLoopValues(true)
        .withHandleBackslashInQuotesOnly(true)
        .build();
  }

  private static ELFunctionDefinition function(String name, String method) {
    return new ELFunctionDefinition("", name, JinjaEnvironment.class, method, String.class);
  }

  /** {@code raise_exception(message)}; public because Jinjava calls it by reflection. */
  public static Object raise(String message) {
    throw new Refusal(message);
  }

  /** {@code strftime_now(format)}; public because Jinjava calls it by reflection. */
  public static String formatNow(String format) {
    Object now = JinjavaInterpreter.getCurrent().getContext().get(NOW);
    return StrftimeFormatter.format((ZonedDateTime) now, format, Locale.ENGLISH);
  }
}
