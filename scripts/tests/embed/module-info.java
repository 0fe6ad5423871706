module app {
  requires dev.hbar.monitor;
  requires org.slf4j;
}
