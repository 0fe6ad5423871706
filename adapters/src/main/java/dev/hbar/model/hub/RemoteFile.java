package dev.hbar.model.hub;

/**
 * A file as the hub lists it.
 *
 * @param path its name in the repository, checked to lead nowhere else
 * @param size bytes
 * @param blob the hash of its content
 */
record RemoteFile(String path, long size, BlobId blob) {}
