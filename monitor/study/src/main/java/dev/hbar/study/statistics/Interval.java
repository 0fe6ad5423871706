package dev.hbar.study.statistics;

/** A 95 % confidence interval, low at most high. */
public record Interval(double low, double high) {}
