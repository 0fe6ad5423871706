package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Interval;
import java.util.Optional;

/**
 * A line of the control table: what something that cannot know the truth reaches on these samples.
 *
 * @param name what
 * @param auroc the larger of AUROC and 1 - AUROC, as a leak may point either way
 * @param interval DeLong's
 */
public record Control(String name, double auroc, Optional<Interval> interval) {}
