package dev.hbar.study.statistics;

import java.util.Arrays;

/** Indices by the number of their group. */
final class Groups {
  private Groups() {}

  /**
   * The members of every group, ascending; a number without members has an empty row.
   *
   * @param groupOf number of every member's group, from 0
   */
  static int[][] of(int[] groupOf) {
    int[] sizes = new int[1 + Arrays.stream(groupOf).max().orElse(-1)];
    for (int group : groupOf) {
      sizes[group]++;
    }
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, g -> new int[sizes[g]]);
    int[] next = new int[sizes.length];
    for (int i = 0; i < groupOf.length; i++) {
      members[groupOf[i]][next[groupOf[i]]++] = i;
    }
    return members;
  }
}
