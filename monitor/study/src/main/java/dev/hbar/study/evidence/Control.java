package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Estimate;

/**
 * A line of the control table: what something that cannot know the truth reaches on these samples.
 *
 * @param name what
 * @param auroc within tasks and by record, as a signal's; the larger of AUROC and 1 - AUROC, as a
 *     leak may point either way
 */
public record Control(String name, Estimate auroc) {}
