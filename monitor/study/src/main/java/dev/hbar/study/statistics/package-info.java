/**
 * From arrays to numbers: ranking curves and their areas, resampling, tests that take the samples
 * of a record together, logistic regression, and folds. Plain arithmetic that knows nothing of
 * models or files; it imports nothing else of hbar. Immutable, for any thread, unless said
 * otherwise.
 */
package dev.hbar.study.statistics;
