/**
 * The command line: one class per command, and the frame they share (errors, exit codes, progress,
 * interrupts, logging). The only package that prints, and {@link dev.hbar.cli.Main} the only class
 * that exits.
 */
package dev.hbar.cli;
