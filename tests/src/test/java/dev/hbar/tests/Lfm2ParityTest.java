package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Lfm2ParityTest extends FamilyContract {
  Lfm2ParityTest() {
    super("lfm2", HALF_SCALE_OF_STATES);
  }
}
