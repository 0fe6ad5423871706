package dev.hbar.model.hub;

/**
 * One file of a pull.
 *
 * @param path its name in the snapshot
 * @param bytes its size
 * @param received bytes that came over the network this time; 0 when it was in the cache
 */
public record PulledFile(String path, long bytes, long received) {}
