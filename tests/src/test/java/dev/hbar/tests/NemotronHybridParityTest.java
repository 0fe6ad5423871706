package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class NemotronHybridParityTest extends FamilyContract {
  NemotronHybridParityTest() {
    super("nemotron_h", HALF_SCALE_OF_STATES);
  }
}
