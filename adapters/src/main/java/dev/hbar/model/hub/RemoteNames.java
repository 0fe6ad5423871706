package dev.hbar.model.hub;

import dev.hbar.mlx.ErrorText;
import java.nio.charset.StandardCharsets;

/** File names come from a server and become paths here, so only plain relative ones pass. */
final class RemoteNames {
  private static final int MAX_SEGMENT_BYTES = 255;
  private static final int MAX_BYTES = 1024;

  private RemoteNames() {}

  /**
   * The name itself.
   *
   * @throws HubException for a name that is absolute, climbs, names a drive, or cannot be a file's
   */
  static String checked(String name) {
    boolean drive = name.length() >= 2 && name.charAt(1) == ':';
    boolean plain =
        !name.isEmpty()
            && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
            && name.indexOf('\\') < 0
            && !drive
            && ErrorText.oneLine(name).equals(name);
    for (String segment : name.split("/", -1)) {
      plain &=
          !segment.isEmpty()
              && !segment.equals(".")
              && !segment.equals("..")
              && segment.getBytes(StandardCharsets.UTF_8).length <= MAX_SEGMENT_BYTES;
    }
    if (!plain) {
      throw new HubException(
          "the server lists a file whose name could lead out of the cache: %s: nothing was written; tell the owner of the repository"
              .formatted(ErrorText.quoted(name)));
    }
    return name;
  }
}
