package dev.hbar.model.layer;

/**
 * RMS norms of single heads, before they turn.
 *
 * @param query weight [headDim], the same for every query head
 * @param key weight [headDim], the same for every key head
 */
public record HeadNorms(Norm query, Norm key) {}
