package dev.hbar.study.scores;

import java.util.Optional;

/**
 * Where scores come from.
 *
 * @param file the score file, as it was named
 * @param fileSha256 hash of its content
 * @param checkpoint name of the model
 * @param run its header; a published file has none
 */
public record ScoreOrigin(
    String file, String fileSha256, String checkpoint, Optional<RunHeader> run) {}
