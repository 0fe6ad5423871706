package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.Mlx;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that ends with more or fewer live arrays than it began with. */
final class LeavesNoArrays implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeavesNoArrays.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put("before", Mlx.liveArrays());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertEquals(context.getStore(NAMESPACE).get("before", Long.class), Mlx.liveArrays());
  }
}
