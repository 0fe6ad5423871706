package dev.hbar.model.tokenizer;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.template.Template;
import dev.hbar.model.template.TemplateException;
import dev.hbar.model.template.TemplateException.Reason;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;

/**
 * One template of a checkpoint. A broken one is an error only when it is used.
 *
 * @param origin the file and field that hold it
 * @param source the Jinja program
 */
record TemplateSource(
    String origin, String source, Optional<Template> template, Optional<TemplateException> broken) {

  static TemplateSource of(String origin, String source) {
    try {
      return new TemplateSource(
          origin, source, Optional.of(Template.parse(source)), Optional.empty());
    } catch (TemplateException e) {
      return new TemplateSource(origin, source, Optional.empty(), Optional.of(e));
    }
  }

  /**
   * Renders the template.
   *
   * @throws CheckpointException if the template refuses the conversation or cannot be rendered
   */
  String render(Map<String, ?> variables, ZonedDateTime now) {
    try {
      return template.orElseThrow(broken::orElseThrow).render(variables, now);
    } catch (TemplateException e) {
      if (e.reason() == Reason.REFUSED) {
        throw new CheckpointException(
            "%s refuses this conversation: %s: change the order or roles of the messages"
                .formatted(origin, ErrorText.reason(e)),
            e);
      }
      throw new CheckpointException(
          "%s cannot be rendered, line %s: %s: use a prompt without template"
              .formatted(origin, e.line(), ErrorText.reason(e)),
          e);
    }
  }
}
