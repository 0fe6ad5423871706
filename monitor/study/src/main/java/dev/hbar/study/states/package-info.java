/**
 * Given answers through the model (teacher forcing): the signals of their tokens, the named states
 * at and over them, and the folder that keeps both for detectors.
 */
package dev.hbar.study.states;
