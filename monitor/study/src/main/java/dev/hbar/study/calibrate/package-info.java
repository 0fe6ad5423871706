/**
 * From scores to calibrated parameters and back: thresholds, the joint model, their validation on
 * other samples and their update. Plain arithmetic, stateless but where said, any thread.
 */
package dev.hbar.study.calibrate;
