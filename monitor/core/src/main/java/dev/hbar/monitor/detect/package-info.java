/** Detectors at work: a fitted direction applied to a block's state inside the step's graph. */
package dev.hbar.monitor.detect;
