package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host program that ends while OpenBLAS multiplies: without care two of three runs hang. */
@NativeTest
@EnabledOnOs(OS.LINUX)
class ExitTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"exit,7,true", "halt,7,false", "return,0,true", "exit,7,true"})
  void runningProduct_doesNotKeepTheHostFromEndingInOrder(String how, int code, boolean hook)
      throws IOException, InterruptedException {
    ChildJvm.Result end = ChildJvm.in(folder).run(ExitScene.class, how);
    end.requireExit(code);
    assertEquals(
        hook ? List.of(ExitScene.HOOK, ExitScene.HANDLER) : List.of(ExitScene.HANDLER),
        end.output().lines().filter(line -> !line.equals("returning")).toList());
  }

  @ParameterizedTest
  @CsvSource({"exit,7,true", "halt,7,false", "return,0,true"})
  void exitAtOnce_keepsTheCodeAndSkipsHandlersInC(String how, int code, boolean hook)
      throws IOException, InterruptedException {
    ChildJvm.Result end = ChildJvm.in(folder).run(ExitScene.class, how, "now");
    end.requireExit(code);
    assertEquals(
        hook ? List.of(ExitScene.HOOK) : List.of(),
        end.output().lines().filter(line -> !line.equals("returning")).toList());
  }
}
