package dev.hbar.study.statistics;

/** A 95 % confidence interval, low <= high. */
public record Interval(double low, double high) {}
