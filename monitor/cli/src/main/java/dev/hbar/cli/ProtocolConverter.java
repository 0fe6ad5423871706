package dev.hbar.cli;

import dev.hbar.study.dataset.Protocol;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a protocol's name. */
final class ProtocolConverter implements ITypeConverter<Protocol> {
  @Override
  public Protocol convert(String text) {
    return Arrays.stream(Protocol.values())
        .filter(protocol -> protocol.id().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is neither pairs-v1 nor study-2026-01"));
  }
}
