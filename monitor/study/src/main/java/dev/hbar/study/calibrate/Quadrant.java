package dev.hbar.study.calibrate;

/**
 * The samples on which the two flags agree or differ in one way.
 *
 * @param count number of them
 * @param hallucinationRate share of hallucinated answers, 0 if there are none
 */
public record Quadrant(int count, double hallucinationRate) {}
