/** Generation, signals, risk and detectors: what a program that embeds hbar imports. */
module dev.hbar.monitor {
  requires transitive dev.hbar.model;

  exports dev.hbar.monitor.detect;
  exports dev.hbar.monitor.generation;
  exports dev.hbar.monitor.risk;
  exports dev.hbar.monitor.signal;

  opens dev.hbar.monitor.detect to
      com.fasterxml.jackson.databind;
  opens dev.hbar.monitor.signal to
      com.fasterxml.jackson.databind;
}
