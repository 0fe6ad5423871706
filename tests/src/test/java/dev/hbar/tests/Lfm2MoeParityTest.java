package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Lfm2MoeParityTest extends FamilyContract {
  Lfm2MoeParityTest() {
    super("lfm2_moe", HALF_SCALE_OF_STATES);
  }
}
