package dev.hbar.study.statistics;

/**
 * How two signals go together over all samples, labels ignored.
 *
 * @param first a signal
 * @param second another signal
 * @param pearson linear correlation of the raw values
 * @param spearman correlation of their ranks
 */
public record Correlation(String first, String second, double pearson, double spearman) {}
