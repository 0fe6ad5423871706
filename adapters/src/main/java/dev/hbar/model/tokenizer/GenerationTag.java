package dev.hbar.model.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;

/**
 * {@code {% generation %}}: marks what the assistant wrote, for training; rendering shows its body.
 */
final class GenerationTag implements Tag {

  private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return "generation";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    StringBuilder body = new StringBuilder();
    for (Node child : tag.getChildren()) {
      body.append(child.render(interpreter));
    }
    return body.toString();
  }
}
