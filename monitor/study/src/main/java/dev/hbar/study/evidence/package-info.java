/**
 * The one analysis of a score file: moments by label, areas with intervals, comparisons with
 * baselines by record, Holm-corrected, and the verdict on every signal.
 */
package dev.hbar.study.evidence;
