package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would end the process in MLX itself is a Java exception here, or simply works. */
@NativeTest
class CrashTableTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sizes", "pieces", "packed", "kernels", "lifetime"})
  void inputsThatCrashMlx_areRefusedByJava(String group) throws Exception {
    ChildJvm.in(folder).run(RefusedInputs.class, group).requireExit(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"reads", "percent", "manyThreads", "virtualThreads", "wrongThread", "returns"})
  void awkwardUse_worksInAFreshProcess(String scene) throws Exception {
    ChildJvm.in(folder).run(AwkwardUse.class, scene, folder.toString()).requireExit(0);
  }

  @Test
  void exitWhileEvaluating_keepsItsCode() throws Exception {
    ChildJvm.in(folder).run(AwkwardUse.class, "exits", folder.toString()).requireExit(7);
  }

  @Test
  void haltWhileEvaluating_keepsItsCode() throws Exception {
    ChildJvm.in(folder).run(AwkwardUse.class, "halts", folder.toString()).requireExit(9);
  }

  @Test
  void nativeAccessDenied_isAnAnswerWithTheFlagToAdd() throws Exception {
    ChildJvm.Result denied =
        ChildJvm.in(folder)
            .with("--illegal-native-access=deny")
            .run(AwkwardUse.class, "unavailable", folder.toString());
    denied.requireExit(0);
    assertTrue(denied.output().contains("--enable-native-access=ALL-UNNAMED"), denied.output());
  }

  @Test
  void nativeAccessAllowed_worksWhereIllegalAccessIsDenied() throws Exception {
    ChildJvm.in(folder)
        .with("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED")
        .run(AwkwardUse.class, "reads", folder.toString())
        .requireExit(0);
  }
}
