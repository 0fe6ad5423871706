package dev.hbar.tests;

import dev.hbar.mlx.NativeTest;

@NativeTest
final class Phi3ParityTest extends FamilyContract {
  Phi3ParityTest() {
    super("phi3");
  }
}
