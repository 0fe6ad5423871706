package dev.hbar.langchain4j;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;

/** What is known of an answer, every token of it measured. */
public final class UncertaintyMetadata extends ChatResponseMetadata {
  private final List<GeneratedToken> tokens;

  private UncertaintyMetadata(Builder builder) {
    super(builder);
    this.tokens = List.copyOf(builder.tokens);
  }

  /** The tokens in their order, each with its signals, and its risk where one is calibrated. */
  public List<GeneratedToken> tokens() {
    return tokens;
  }

  /** Mean surprise of the tokens, nats; 0 without any. */
  public double meanSurprise() {
    return tokens.stream().mapToDouble(token -> token.signals().surprise()).average().orElse(0);
  }

  /** The least sure token's surprise, nats; 0 without any. */
  public double maxSurprise() {
    return tokens.stream().mapToDouble(token -> token.signals().surprise()).max().orElse(0);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof UncertaintyMetadata metadata
        && metadata.tokens.equals(tokens);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + tokens.hashCode();
  }

  /** Collects it. */
  static final class Builder extends ChatResponseMetadata.Builder<Builder> {
    private List<GeneratedToken> tokens = List.of();

    Builder tokens(List<GeneratedToken> measured) {
      tokens = measured;
      return this;
    }

    @Override
    public UncertaintyMetadata build() {
      return new UncertaintyMetadata(this);
    }
  }
}
