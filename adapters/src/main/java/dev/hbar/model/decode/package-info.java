/**
 * From token ids to the next ones: {@link dev.hbar.model.decode.Session} keeps one sequence, {@link
 * dev.hbar.model.decode.ContinuousBatch} several that come and go. Everything here runs on MLX's
 * thread.
 */
package dev.hbar.model.decode;
