/**
 * One run of scoring or of states shared by several processes, on one machine or more. {@link
 * dev.hbar.study.ranks.FirstRank}, rank 0, owns the samples and the files; every {@link
 * dev.hbar.study.ranks.OtherRank} connects to it, proves that it knows the same secret and runs the
 * same, and works on groups of samples for it. {@link dev.hbar.study.ranks.Ranks} says who is who.
 */
package dev.hbar.study.ranks;
