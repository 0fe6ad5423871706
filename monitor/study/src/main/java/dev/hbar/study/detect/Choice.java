package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What was chosen on the training samples alone.
 *
 * @param point name of the features, for example {@code block.20}
 * @param strength of the regularization
 * @param auroc the inner folds' mean AUROC that won
 */
@JsonPropertyOrder({"point", "strength", "auroc"})
public record Choice(String point, double strength, double auroc) {}
