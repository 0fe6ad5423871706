package dev.hbar.study.states;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Numbers of an answer that are made of attention weights. They are means over its tokens, so a
 * states folder keeps them as {@code NAME.mean-answer}.
 */
public enum AttentionFeature {
  /**
   * The lookback ratio of every head of every layer with attention (Chuang and others, 2024): for
   * an answer's token c / (c + o), c the mean weight of the tokens before the answer, o that of the
   * answer's own tokens up to this one.
   */
  LOOKBACK,
  /**
   * The ICR score of every layer with attention (Zhang and others, ACL 2025): over the tenth of the
   * positions that a token attends to most, heads averaged, the Jensen-Shannon divergence in nats
   * of softmax(zscore(w)) from softmax(zscore(attention)); w_i is the length of the projection of
   * what the layer adds to the token on the state of position i that enters the layer.
   */
  ICR;

  /** The name in options and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The feature of this name, if there is one. */
  public static Optional<AttentionFeature> of(String id) {
    return Arrays.stream(values()).filter(feature -> feature.id().equals(id)).findFirst();
  }
}
