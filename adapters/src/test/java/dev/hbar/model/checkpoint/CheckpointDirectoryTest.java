package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointDirectoryTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path root;
  private Path model;

  @BeforeEach
  void fillCache() throws IOException {
    model = root.resolve("hub/models--org--tiny-model");
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
    Path blobs = Files.createDirectories(model.resolve("blobs"));
    Files.writeString(blobs.resolve("abc"), "{}");
    Files.writeString(blobs.resolve("def.1234.incomplete"), "{");
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/abc"));
    Files.createSymbolicLink(
        snapshot.resolve("model.safetensors"), Path.of("../../blobs/def.1234.incomplete"));
    Files.createDirectories(model.resolve("refs/refs/pr"));
    Files.writeString(model.resolve("refs/main"), COMMIT + "\n");
    Files.writeString(model.resolve("refs/refs/pr/1"), COMMIT);
  }

  private CheckpointDirectory inCache(String argument) {
    return CheckpointDirectory.resolve(
        argument, Map.of("HF_HUB_CACHE", root.resolve("hub").toString()));
  }

  private static String messageOf(CheckpointException e) {
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void localFolder_isTaken() throws IOException {
    Path folder = Files.createDirectory(root.resolve("my %s model é"));
    Files.writeString(folder.resolve("config.json"), "{}");
    CheckpointDirectory directory = CheckpointDirectory.resolve(folder.toString(), Map.of());
    assertEquals(folder, directory.path());
    assertEquals("my %s model é", directory.name());
    assertEquals(folder.resolve("config.json"), directory.require("config.json"));
    assertEquals(Optional.empty(), directory.find("tokenizer.json"));
    assertTrue(
        messageOf(
                assertThrows(CheckpointException.class, () -> directory.require("tokenizer.json")))
            .startsWith("tokenizer.json is missing"));
  }

  @Test
  void folderOfGgufParts_isSentToConvertByTheFirst() throws IOException {
    Path folder = Files.createDirectory(root.resolve("parts"));
    Files.writeString(folder.resolve("m-00002-of-00002.gguf"), "GGUF");
    Files.writeString(folder.resolve("m-00001-of-00002.gguf"), "GGUF");
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    assertEquals(
        "config.json is missing, in "
            + folder
            + ": make a checkpoint of its GGUF file m-00001-of-00002.gguf with hbar convert FILE --out FOLDER",
        messageOf(assertThrows(CheckpointException.class, () -> directory.require("config.json"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/tiny-model", "org/tiny-model@main", "org/tiny-model@refs/pr/1"})
  void nameInTheCache_isFollowedByItsRevision(String argument) {
    CheckpointDirectory directory = inCache(argument);
    assertEquals(model.resolve("snapshots").resolve(COMMIT), directory.path());
    assertEquals("org/tiny-model", directory.name());
    assertTrue(directory.find("config.json").isPresent());
  }

  @Test
  void commit_isARevision() {
    assertEquals("org/tiny-model", inCache("org/tiny-model@" + COMMIT).name());
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, hub",
    "HUGGINGFACE_HUB_CACHE, hub",
    "HF_HOME, .",
    "XDG_CACHE_HOME, xdg",
    "HOME, home",
  })
  void cacheFolder_isFoundByTheHubsRules(String variable, String value) throws IOException {
    Files.createDirectories(root.resolve("xdg"));
    Files.createSymbolicLink(root.resolve("xdg/huggingface"), root);
    Files.createDirectories(root.resolve("home/.cache"));
    Files.createSymbolicLink(root.resolve("home/.cache/huggingface"), root);
    var environment = Map.of("HOME", root.resolve("nobody").toString(), "HF_HUB_CACHE", "");
    var changed = new HashMap<>(environment);
    changed.put(variable, root.resolve(value).toString());
    assertEquals("org/tiny-model", CheckpointDirectory.resolve("org/tiny-model", changed).name());
  }

  @Test
  void tildeInTheCacheVariable_isTheHome() {
    var environment = Map.of("HOME", root.toString(), "HF_HUB_CACHE", "~/hub");
    assertEquals(
        "org/tiny-model", CheckpointDirectory.resolve("org/tiny-model", environment).name());
  }

  @ParameterizedTest
  @CsvSource({
    "org/other, run hbar pull org/other",
    "org/tiny-model@v2, revision v2 of org/tiny-model is not in the cache",
    "org/tiny-model@../../x, no such folder",
    "../etc/passwd/x, no such folder",
    "nowhere, no such folder",
    "a/b/c, no such folder",
  })
  void unknownName_isABadArgument(String argument, String expected) {
    var e = assertThrows(CheckpointException.class, () -> inCache(argument));
    assertTrue(messageOf(e).contains(expected), e.getMessage());
    assertTrue(e.isBadArgument());
  }

  @Test
  void refThatIsNoCommit_isRefused() throws IOException {
    Files.writeString(model.resolve("refs/main"), "../../..");
    assertFalse(
        assertThrows(CheckpointException.class, () -> inCache("org/tiny-model")).isBadArgument());
  }

  @Test
  void fileAndEmptyFolder_areBadArguments() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "x");
    Path empty = Files.createDirectory(root.resolve("empty"));
    for (Path path : new Path[] {file, empty, root.resolve("none")}) {
      var e = assertThrows(CheckpointException.class, () -> inCache(path.toString()));
      assertTrue(messageOf(e).startsWith("not a model directory"), e.getMessage());
      assertTrue(e.isBadArgument());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void strangePath_isABadArgument(int which) {
    String argument = new String[] {"a\0b", "a\nb", "x/".repeat(2048)}[which];
    assertTrue(assertThrows(CheckpointException.class, () -> inCache(argument)).isBadArgument());
  }

  @Test
  void unfinishedDownload_isRefused() {
    var e =
        assertThrows(
            CheckpointException.class, () -> inCache("org/tiny-model").find("model.safetensors"));
    assertTrue(messageOf(e).contains("unfinished"), e.getMessage());
  }

  @Test
  void ggufFile_isNamedWithTheWayOut() throws IOException {
    Path file = Files.writeString(root.resolve("model.gguf"), "GGUF");
    String message =
        messageOf(
            assertThrows(
                CheckpointException.class,
                () -> CheckpointDirectory.resolve(file.toString(), Map.of())));
    assertTrue(message.contains("is a GGUF file") && message.contains("hbar convert"), message);
  }

  @Test
  void pointerOfGitLfs_isNamed() throws IOException {
    Path folder = Files.createDirectory(root.resolve("pointers"));
    Files.writeString(
        folder.resolve("model.safetensors"),
        "version https:" + "//git-lfs.github.com/spec/v1\noid sha256:aa\nsize 123\n");
    Files.writeString(folder.resolve("config.json"), "version");
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    assertEquals(folder.resolve("config.json"), directory.require("config.json"));
    String message =
        messageOf(
            assertThrows(CheckpointException.class, () -> directory.find("model.safetensors")));
    assertTrue(message.contains("model.safetensors is a pointer of git-lfs"), message);
    assertTrue(message.contains("git lfs pull"), message);
  }

  @Test
  void linkInsideTheFolder_isFollowed() throws IOException {
    Path folder = Files.createDirectory(root.resolve("folder"));
    Files.writeString(folder.resolve("real"), "{}");
    Files.createSymbolicLink(folder.resolve("config.json"), Path.of("real"));
    assertTrue(CheckpointDirectory.of(folder).find("config.json").isPresent());
  }

  @Test
  void linkOutOfTheFolder_isRefused() throws IOException {
    Path folder = Files.createDirectory(root.resolve("folder"));
    Path outside = Files.writeString(root.resolve("folder-2"), "{}");
    Files.createSymbolicLink(folder.resolve("config.json"), outside);
    assertLinkFault(folder, "outside of the checkpoint");
  }

  @Test
  void linkOutOfTheCache_isRefused() throws IOException {
    Path snapshot = model.resolve("snapshots").resolve(COMMIT);
    Path outside = Files.writeString(root.resolve("outside"), "{}");
    Files.delete(snapshot.resolve("config.json"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), outside);
    assertLinkFault(snapshot, "outside of the checkpoint");
  }

  /** huggingface_hub 2 keeps a content that several models have beside them, once. */
  @Test
  void blobThatTheCacheShares_isFollowed() throws IOException {
    Path shared = Files.createDirectories(model.resolveSibling("blobs").resolve("ab"));
    Files.writeString(shared.resolve("abcd"), "{}");
    Path snapshot = model.resolve("snapshots").resolve(COMMIT);
    Files.createSymbolicLink(
        model.resolve("blobs").resolve("0123"), Path.of("../../blobs/ab/abcd"));
    Files.createSymbolicLink(snapshot.resolve("shared.json"), Path.of("../../blobs/0123"));
    assertTrue(CheckpointDirectory.of(snapshot).find("shared.json").isPresent());
  }

  @Test
  void loopOfLinks_isRefused() throws IOException {
    Path folder = Files.createDirectory(root.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("config.json"), Path.of("other"));
    Files.createSymbolicLink(folder.resolve("other"), Path.of("config.json"));
    assertLinkFault(folder, "loop of symbolic links");
  }

  @Test
  void linkToNowhere_isRefused() throws IOException {
    Path folder = Files.createDirectory(root.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("config.json"), Path.of("gone"));
    assertLinkFault(folder, "leads nowhere");
  }

  private static void assertLinkFault(Path folder, String expected) {
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    var e = assertThrows(CheckpointException.class, () -> directory.find("config.json"));
    assertTrue(messageOf(e).contains(expected), e.getMessage());
  }
}
