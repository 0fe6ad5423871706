package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.model.checkpoint.WeightForm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is chosen for a device, without that device. */
class ComputeTest {
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32"})
  void gpu_keepsWeightsPackedAndTheTypeOfTheCheckpoint(DType stored) {
    Compute chosen = Compute.choose(Device.GPU, stored);
    assertEquals(new Compute(WeightForm.PACKED, stored), chosen);
    assertFalse(chosen.isOnCpu());
    assertEquals(new Compute(WeightForm.PACKED, DType.FLOAT16), chosen.in(DType.FLOAT16));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32"})
  void cpu_computesInFloat32WhateverIsStored(DType stored) {
    Compute chosen = Compute.choose(Device.CPU, stored);
    assertEquals(new Compute(WeightForm.MIXED, DType.FLOAT32), chosen);
    assertTrue(chosen.isOnCpu());
    assertEquals(new Compute(WeightForm.DENSE, DType.BFLOAT16), chosen.in(DType.BFLOAT16));
  }
}
