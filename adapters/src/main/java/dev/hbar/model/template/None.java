package dev.hbar.model.template;

/** Python's None. */
enum None {
  NONE
}
