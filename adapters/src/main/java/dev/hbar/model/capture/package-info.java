/**
 * Hidden states taken out of a forward pass: {@link dev.hbar.model.capture.CaptureRequest} says
 * which, {@link dev.hbar.model.capture.Captured} holds them. Captured arrays belong to the scope of
 * the step.
 */
package dev.hbar.model.capture;
