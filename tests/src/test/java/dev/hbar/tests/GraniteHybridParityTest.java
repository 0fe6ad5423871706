package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class GraniteHybridParityTest extends FamilyContract {
  GraniteHybridParityTest() {
    super("granitemoehybrid", HALF_SCALE_OF_STATES);
  }
}
