package dev.hbar.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command's arguments as they were given. Java decodes them by the locale and turns what does
 * not fit into U+FFFD; Linux still has the bytes.
 */
final class Arguments {
  private static final String LOST = "\uFFFD";

  private Arguments() {}

  /**
   * The arguments, read as UTF-8.
   *
   * @param decoded as Java gives them
   * @param commandLine the file with the bytes of the whole command line
   * @throws CommandException if one is not UTF-8
   */
  static String[] read(String[] decoded, Path commandLine) {
    if (!String.join("", decoded).contains(LOST)) {
      return decoded;
    }
    List<byte[]> given = List.of();
    try {
      given = split(Files.readAllBytes(commandLine));
    } catch (IOException e) {
      // Another system: there Java reads UTF-8, and what is lost was not UTF-8.
    }
    String[] exact = new String[decoded.length];
    int skipped = given.size() - decoded.length;
    for (int i = 0; i < decoded.length; i++) {
      exact[i] = skipped < 0 ? known(decoded[i], i) : utf8(given.get(skipped + i), i);
    }
    return exact;
  }

  private static String known(String argument, int index) {
    if (argument.contains(LOST)) {
      throw notText(index);
    }
    return argument;
  }

  private static String utf8(byte[] bytes, int index) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw notText(index);
    }
  }

  private static CommandException notText(int index) {
    return new CommandException(
        "argument "
            + (index + 1)
            + " is not UTF-8; convert it, or give a prompt through a file: --prompt - < FILE");
  }

  private static List<byte[]> split(byte[] commandLine) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        parts.add(Arrays.copyOfRange(commandLine, start, i));
        start = i + 1;
      }
    }
    return parts;
  }
}
