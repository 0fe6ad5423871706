package dev.hbar.model.hub;

import java.util.List;

/**
 * What a revision holds.
 *
 * @param commit 40 hexadecimal digits
 * @param files all of them, each name once
 */
record Listing(String commit, List<RemoteFile> files) {}
