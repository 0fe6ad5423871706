package dev.hbar.model.template;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.template.TemplateException.Reason;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;

/**
 * A template in the Jinja2 language as transformers sets it up: trim_blocks, lstrip_blocks, loop
 * controls, the tag {@code generation}, and the functions {@code raise_exception} and {@code
 * strftime_now}. Immutable; any thread.
 *
 * <p>Rendering ends by itself: at most about a second, {@value Budget#MAX_STEPS} steps, {@value
 * Budget#MAX_DEPTH} levels and {@value Budget#MAX_UNITS} characters, counting an item of a list as
 * {@value Budget#ITEM}.
 */
public final class Template {

  private static final long MILLISECONDS = 1_000;

  private final List<Stmt> statements;
  private final Scopes scopes;

  private Template(List<Stmt> statements, Scopes scopes) {
    this.statements = statements;
    this.scopes = scopes;
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException if it does not parse
   */
  public static Template parse(String source) {
    try {
      return ScopedValue.where(Budget.CURRENT, new Budget(MILLISECONDS))
          .call(
              () -> {
                List<Stmt> statements = StatementParser.parse(source);
                return new Template(statements, Scopes.of(statements));
              });
    } catch (Fault fault) {
      throw new TemplateException(fault.reason(), 1, ErrorText.joined(fault.getMessage()));
    } catch (StackOverflowError e) {
      throw new TemplateException(Reason.LIMIT, 1, "the template nests too deeply");
    }
  }

  /**
   * Renders the template.
   *
   * @param variables values are text, numbers, booleans, lists, maps with text keys, Jackson nodes
   *     and null
   * @param now the time that {@code strftime_now} tells
   * @throws TemplateException if the template refuses its input, fails or takes too much
   * @throws IllegalArgumentException if a variable is of another type
   */
  public String render(Map<String, ?> variables, ZonedDateTime now) {
    return render(variables, now, MILLISECONDS);
  }

  String render(Map<String, ?> variables, ZonedDateTime now, long milliseconds) {
    Interpreter interpreter = new Interpreter(scopes);
    try {
      return ScopedValue.where(Budget.CURRENT, new Budget(milliseconds))
          .call(
              () -> {
                Map<String, Object> context = Globals.at(now);
                variables.forEach((name, value) -> context.put(name, Values.of(value)));
                return interpreter.run(statements, context);
              });
    } catch (Fault fault) {
      throw new TemplateException(
          fault.reason(), interpreter.line(), ErrorText.joined(fault.getMessage()));
    } catch (StackOverflowError e) {
      throw new TemplateException(
          Reason.LIMIT, interpreter.line(), "the template nests too deeply");
    }
  }
}
