package dev.hbar.study.statistics;

/**
 * An area under a curve with its percentile bootstrap intervals.
 *
 * @param value the area
 * @param stratified samples resampled within each label
 * @param byRecord records resampled, with their one or two answers together; the honest one for
 *     pairs
 */
public record Area(double value, Interval stratified, Interval byRecord) {}
