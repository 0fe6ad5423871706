package dev.hbar.mlx.safetensors;

/** What is wrong with a header, before the file's name is added. */
final class HeaderFault extends Exception {
  private static final long serialVersionUID = 1L;

  HeaderFault(String fault) {
    super(fault);
  }

  HeaderFault(String fault, Throwable cause) {
    super(fault, cause);
  }
}
