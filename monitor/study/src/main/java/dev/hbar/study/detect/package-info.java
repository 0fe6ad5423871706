/**
 * Detectors fitted on states and signals of given answers, and the controls that tell knowledge
 * from style. Whatever is fitted (scaler, block, strength, weights) is fitted inside its fold.
 */
package dev.hbar.study.detect;
